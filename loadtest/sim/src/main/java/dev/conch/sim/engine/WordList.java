package dev.conch.sim.engine;

import dev.conch.sim.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words of a {@code stop_words_list}: token sequences that end a generation and stay in its output. Immutable.
 *
 * <p>The tensor has two rows of equal length: all words one after another, and the offsets at which they end, padded with -1.
 */
record WordList(List<List<Integer>> words) {
    WordList {
        words = List.copyOf(words);
    }

    static WordList none() {
        return new WordList(List.of());
    }

    static WordList of(Tensor tensor) throws EngineException {
        int[] values = tensor.ints();
        int width = values.length / 2;
        List<List<Integer>> words = new ArrayList<>();
        int start = 0;
        for (int i = width; i < values.length && values[i] != -1; i++) {
            check(values[i] <= width, "out-of-bound offsets", values);
            check(values[i] > start, "non-increasing offsets", values);
            words.add(Arrays.stream(values, start, values[i]).boxed().toList());
            start = values[i];
        }
        checkPadding(values, width + words.size());
        return new WordList(words);
    }

    private static void checkPadding(int[] values, int from) throws EngineException {
        for (int i = from; i < values.length; i++) {
            check(values[i] == -1, "additional -1s", values);
        }
    }

    private static void check(boolean holds, String fault, int[] values) throws EngineException {
        if (!holds) {
            throw new EngineException("Sparse list must not have " + fault + ": " + Arrays.toString(values));
        }
    }

    /** True if one of the words ends at {@code length} of these ids. */
    boolean matchesTail(int[] ids, int length) {
        for (List<Integer> word : words) {
            if (endsWith(ids, length, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWith(int[] ids, int length, List<Integer> word) {
        int start = length - word.size();
        for (int i = word.size() - 1; start >= 0 && i >= 0; i--) {
            if (ids[start + i] != word.get(i)) {
                return false;
            }
        }
        return start >= 0;
    }
}
