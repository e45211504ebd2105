package dev.conch.generation;

import java.util.List;

/**
 * What ends a generation besides the client's going away.
 *
 * @param maxTokens most tokens to generate for a choice, at least 1 and never more than the context has room for
 * @param endTokenIds tokens with which the model ends its turn, the main one first; none of them is ever shown
 * @param stopSequences texts that end the answer and are cut from it; not empty strings
 */
public record StopConditions(int maxTokens, List<Integer> endTokenIds, List<String> stopSequences) {

    public StopConditions {
        endTokenIds = List.copyOf(endTokenIds);
        stopSequences = List.copyOf(stopSequences);
    }
}
