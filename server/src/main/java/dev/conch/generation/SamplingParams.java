package dev.conch.generation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. Ranges are checked where a request is read, so an instance is always valid; a null means that the
 * caller left the choice to the server.
 *
 * @param temperature 0 (greedy) to 2
 * @param topP probability mass to sample from, above 0 to 1
 * @param topK most likely tokens to sample from; 0: all
 * @param minP least probability of a token, as a share of the most likely one's, 0 to 1
 * @param frequencyPenalty -2 to 2, times the number of occurrences
 * @param presencePenalty -2 to 2, once for each token that occurred
 * @param repetitionPenalty above 0 to 2, a factor on the logits of tokens that occurred; 1: none
 * @param noRepeatNgramSize no sequence of so many tokens is produced twice; 0: no such rule
 * @param logitBias token id to what is added to its logit, -100 to 100
 * @param allowedTokenIds the only tokens that may be produced; empty: all may
 * @param badWords token sequences that must not be produced, none of them empty
 * @param seed any 64 bits; null: the server draws one, so that two equal requests differ
 */
public record SamplingParams(
        double temperature,
        double topP,
        int topK,
        double minP,
        double frequencyPenalty,
        double presencePenalty,
        double repetitionPenalty,
        int noRepeatNgramSize,
        Map<Integer, Float> logitBias,
        List<Integer> allowedTokenIds,
        List<List<Integer>> badWords,
        @Nullable Long seed) {

    /** Most tokens of all bad words together: an engine compares each of them with every token it generates. */
    public static final int MAX_BAD_WORD_TOKENS = 4_096;

    /** OpenAI's defaults: sample from the whole distribution as the model gives it. */
    public static final SamplingParams DEFAULT = of(1, 1, 0, 0, null);

    public SamplingParams {
        logitBias = Map.copyOf(logitBias);
        allowedTokenIds = List.copyOf(allowedTokenIds);
        badWords = badWords.stream().map(List::copyOf).toList();
    }

    /** The parameters that every engine has; the others ask for nothing. */
    public static SamplingParams of(
            double temperature, double topP, double frequencyPenalty, double presencePenalty, @Nullable Long seed) {
        return new SamplingParams(
                temperature, topP, 0, 0, frequencyPenalty, presencePenalty, 1, 0, Map.of(), List.of(), List.of(), seed);
    }

    /** The same but for the seed. */
    public SamplingParams withSeed(long other) {
        return new SamplingParams(
                temperature,
                topP,
                topK,
                minP,
                frequencyPenalty,
                presencePenalty,
                repetitionPenalty,
                noRepeatNgramSize,
                logitBias,
                allowedTokenIds,
                badWords,
                other);
    }

    /** Whether the most likely token is always taken. */
    public boolean greedy() {
        return temperature == 0;
    }
}
