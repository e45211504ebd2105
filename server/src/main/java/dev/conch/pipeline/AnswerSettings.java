package dev.conch.pipeline;

import dev.conch.response.StreamSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How answers are given.
 *
 * @param commitAfter how long the first token is waited for before a stream begins without it; null: for ever
 * @param maxTokens most tokens of all prompts of a request and all their choices together
 */
public record AnswerSettings(
        StreamSettings streams, @Nullable Duration commitAfter, int maxTokens) {}
