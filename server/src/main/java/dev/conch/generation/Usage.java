package dev.conch.generation;

/**
 * Tokens that one request cost, over all of its choices.
 *
 * @param promptTokens tokens of the rendered prompt, counted once however many choices there are
 * @param completionTokens tokens that the engine generated, those of a cut stop sequence included
 * @param cachedTokens how many of the prompt tokens the engine took from its KV cache
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {

    /** Prompt and completion together, as OpenAI's {@code total_tokens}. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
