package dev.conch.openai;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that say how tokens are chosen. Null, or empty, means that the field was absent or JSON null.
 *
 * @param temperature 0 to 2
 * @param topP above 0 to 1
 * @param topK extension: at least 1, or null for all
 * @param minP extension: 0 to 1
 * @param frequencyPenalty -2 to 2
 * @param presencePenalty -2 to 2
 * @param repetitionPenalty extension: above 0 to 2
 * @param noRepeatNgramSize extension: at least 0
 * @param logitBias token id to bias, -100 to 100
 * @param allowedTokenIds extension
 * @param badWords extension: texts that must not appear, none of them empty
 * @param seed any 64 bits
 */
public record SamplingOptions(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double frequencyPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double repetitionPenalty,
        @Nullable Integer noRepeatNgramSize,
        Map<Integer, Double> logitBias,
        List<Integer> allowedTokenIds,
        List<String> badWords,
        @Nullable Long seed) {

    public SamplingOptions {
        logitBias = Map.copyOf(logitBias);
        allowedTokenIds = List.copyOf(allowedTokenIds);
        badWords = List.copyOf(badWords);
    }
}
