package dev.conch.output;

import dev.conch.generation.StopConditions;
import java.util.List;

/** The tokens that end an answer. Immutable: the choices of a request share one. */
final class StopTokens {
    /** Few, so they are looked through. */
    private final int[] endTokenIds;

    private final int[] stopTokenIds;
    private final int minTokens;
    private final boolean shown;

    StopTokens(StopConditions conditions) {
        endTokenIds = ints(conditions.endTokenIds());
        stopTokenIds = ints(conditions.stopTokenIds());
        minTokens = conditions.minTokens();
        shown = conditions.includeStop();
    }

    /** Whether the model ends its turn with this token. */
    boolean end(int id) {
        return contains(endTokenIds, id);
    }

    /** Whether the caller has this token end the answer, of which it is the so-manieth. */
    boolean stops(int id, int tokens) {
        return contains(stopTokenIds, id) && mayStop(tokens);
    }

    /** Whether an answer that has so many tokens is long enough for the caller's stops to end it with the last of them. */
    boolean mayStop(int tokens) {
        return tokens > minTokens;
    }

    /** Whether the stop token itself is a part of the answer. */
    boolean shown() {
        return shown;
    }

    private static int[] ints(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean contains(int[] ids, int id) {
        for (int candidate : ids) {
            if (candidate == id) {
                return true;
            }
        }
        return false;
    }
}
