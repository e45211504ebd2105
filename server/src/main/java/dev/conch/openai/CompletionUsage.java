package dev.conch.openai;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;

/** Tokens that a request cost ({@code CompletionUsage}). */
@Serdeable(naming = SnakeCaseStrategy.class)
public record CompletionUsage(
        int promptTokens,
        int completionTokens,
        int totalTokens,
        PromptTokensDetails promptTokensDetails,
        CompletionTokensDetails completionTokensDetails) {

    /** What of the prompt was not computed anew. */
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record PromptTokensDetails(int cachedTokens) {}

    /** What of the answer is the model's reasoning. */
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record CompletionTokensDetails(int reasoningTokens) {}
}
