package dev.conch.generation;

import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. Ranges are checked where a request is read, so an instance is always valid; a null means that the
 * caller left the choice to the server.
 *
 * @param temperature 0 (greedy) to 2
 * @param topP probability mass to sample from, above 0 to 1
 * @param frequencyPenalty -2 to 2, times the number of occurrences
 * @param presencePenalty -2 to 2, once for each token that occurred
 * @param seed any 64 bits; null: the server draws one, so that two equal requests differ
 */
public record SamplingParams(
        double temperature,
        double topP,
        double frequencyPenalty,
        double presencePenalty,
        @Nullable Long seed) {

    /** OpenAI's defaults: sample from the whole distribution as the model gives it. */
    public static final SamplingParams DEFAULT = new SamplingParams(1, 1, 0, 0, null);

    /** Whether the most likely token is always taken. */
    public boolean greedy() {
        return temperature == 0;
    }
}
