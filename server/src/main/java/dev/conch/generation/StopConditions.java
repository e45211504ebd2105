package dev.conch.generation;

import java.util.List;

/**
 * What ends a generation besides the client's going away.
 *
 * @param maxTokens most tokens to generate for a choice, at least 1 and never more than the context has room for
 * @param minTokens tokens that are generated before the model may end its turn, 0 to {@code maxTokens}
 * @param endTokenIds tokens with which the model ends its turn, the main one first; none of them is ever shown. Empty: it goes on to the limit
 * @param stopTokenIds tokens of the caller's choice that end the answer
 * @param stopSequences texts that end the answer; not empty strings
 * @param endSequences texts with which the model ends its turn, none of them empty; none of them is ever shown, unless it is one of the
 *     stop sequences too
 * @param includeStop whether the answer keeps the stop token or sequence that ended it; otherwise it is cut off
 */
public record StopConditions(
        int maxTokens,
        int minTokens,
        List<Integer> endTokenIds,
        List<Integer> stopTokenIds,
        List<String> stopSequences,
        List<String> endSequences,
        boolean includeStop) {

    public StopConditions {
        endTokenIds = List.copyOf(endTokenIds);
        stopTokenIds = List.copyOf(stopTokenIds);
        stopSequences = List.copyOf(stopSequences);
        endSequences = List.copyOf(endSequences);
    }

    /** The conditions for a model that ends its turns with tokens alone. */
    public StopConditions(
            int maxTokens,
            int minTokens,
            List<Integer> endTokenIds,
            List<Integer> stopTokenIds,
            List<String> stopSequences,
            boolean includeStop) {
        this(maxTokens, minTokens, endTokenIds, stopTokenIds, stopSequences, List.of(), includeStop);
    }

    /** The conditions that every request has. */
    public static StopConditions of(int maxTokens, List<Integer> endTokenIds, List<String> stopSequences) {
        return new StopConditions(maxTokens, 0, endTokenIds, List.of(), stopSequences, false);
    }
}
