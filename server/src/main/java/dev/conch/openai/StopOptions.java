package dev.conch.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that say when an answer ends. Null means that the field was absent or JSON null.
 *
 * @param maxTokens most tokens to generate, at least 1: {@code max_completion_tokens}, or the older {@code max_tokens}
 * @param maxTokensField what the client calls it, or would
 * @param minTokens extension: at least 0
 * @param stop sequences that end the answer, none of them empty
 * @param stopTokenIds extension: tokens that end the answer
 * @param ignoreEos extension: the model's own end tokens do not end the answer
 * @param includeStopStrInOutput extension: what ended the answer stays in it
 */
public record StopOptions(
        @Nullable Integer maxTokens,
        String maxTokensField,
        @Nullable Integer minTokens,
        List<String> stop,
        List<Integer> stopTokenIds,
        boolean ignoreEos,
        boolean includeStopStrInOutput) {

    public StopOptions {
        stop = List.copyOf(stop);
        stopTokenIds = List.copyOf(stopTokenIds);
    }
}
