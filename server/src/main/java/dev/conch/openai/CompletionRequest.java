package dev.conch.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/completions} ({@code CreateCompletionRequest}), as far as this server honours it; every other parameter is
 * refused by name before this record exists.
 *
 * @param model which model, never empty
 * @param prompts at least one
 * @param responseFormat extension: what the answers must look like
 * @param bestOf how many choices to generate of which the {@code n} most likely are returned; null: {@code n}
 * @param echo whether the text begins with the prompt
 * @param addSpecialTokens extension: whether the tokenizer puts its own tokens around a text prompt
 * @param truncatePromptTokens extension: how many tokens of the end of a prompt are kept; null: all
 * @param priority extension: which of the requests that wait is next: the one with the lowest
 */
public record CompletionRequest(
        String model,
        List<Prompt> prompts,
        SamplingOptions sampling,
        StopOptions stop,
        OutputOptions output,
        ResponseFormat responseFormat,
        @Nullable Integer bestOf,
        boolean echo,
        boolean addSpecialTokens,
        @Nullable Integer truncatePromptTokens,
        int priority) {

    public CompletionRequest {
        prompts = List.copyOf(prompts);
    }

    /** What is to be completed. */
    public sealed interface Prompt {

        /** A text; its special tokens are obeyed: the prompt is the caller's own. */
        record Text(String text) implements Prompt {}

        /** Token ids, at least one, none of them negative. */
        record TokenIds(List<Integer> ids) implements Prompt {
            public TokenIds {
                ids = List.copyOf(ids);
            }
        }
    }
}
