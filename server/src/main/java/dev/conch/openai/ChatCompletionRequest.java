package dev.conch.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/chat/completions} ({@code CreateChatCompletionRequest}), as far as this server honours it; every other
 * parameter of the specification is refused by name before this record exists. Null means that the field was absent or JSON null.
 *
 * @param model which model, never empty
 * @param conversation {@code messages}, and what else the prompt is made of
 * @param maxTokens most tokens to generate, at least 1: {@code max_completion_tokens}, or the older {@code max_tokens}
 * @param temperature 0 to 2
 * @param topP above 0 to 1
 * @param frequencyPenalty -2 to 2
 * @param presencePenalty -2 to 2
 * @param seed any 64 bits
 * @param stop at most 4 sequences that end the answer, none of them empty
 * @param stream whether the answer is wanted as server-sent events
 * @param includeUsage {@code stream_options.include_usage}
 * @param user the caller's own name for its end user
 */
public record ChatCompletionRequest(
        String model,
        Conversation conversation,
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Double frequencyPenalty,
        @Nullable Double presencePenalty,
        @Nullable Long seed,
        List<String> stop,
        boolean stream,
        boolean includeUsage,
        @Nullable String user) {

    public ChatCompletionRequest {
        stop = List.copyOf(stop);
    }
}
