package dev.conch.sim.engine;

import dev.conch.sim.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The words of a {@code stop_words_list}, token sequences that end a generation and stay in its output, or of a {@code bad_words_list}.
 * Immutable.
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

    /** @param prefix of the text of an error */
    static WordList of(Tensor tensor, String prefix) throws EngineException {
        int[] values = tensor.ints();
        List<Integer> ids = Arrays.stream(values, 0, values.length / 2).boxed().toList();
        List<Integer> offsets =
                Arrays.stream(values, ids.size(), values.length).boxed().toList();
        int count = offsets.contains(-1) ? offsets.indexOf(-1) : offsets.size();
        String fault = fault(ids.size(), offsets.subList(0, count), offsets.subList(count, offsets.size()));
        if (!fault.isEmpty()) {
            throw new EngineException(prefix + "Sparse list must not have " + fault + ": "
                    + Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
        return new WordList(words(ids, offsets.subList(0, count)));
    }

    /** What is wrong with a list, in TensorRT-LLM's words; empty if nothing is. */
    private static String fault(int width, List<Integer> ends, List<Integer> padding) {
        if (padding.stream().anyMatch(offset -> offset != -1)) {
            return "additional -1s";
        }
        if (ends.stream().anyMatch(end -> end > width)) {
            return "out-of-bound offsets";
        }
        int start = 0;
        for (int end : ends) {
            if (end <= start) {
                return "non-increasing offsets";
            }
            start = end;
        }
        return "";
    }

    private static List<List<Integer>> words(List<Integer> ids, List<Integer> ends) {
        List<List<Integer>> words = new ArrayList<>();
        int start = 0;
        for (int end : ends) {
            words.add(List.copyOf(ids.subList(start, end)));
            start = end;
        }
        return words;
    }

    /** Those of all words, one behind the other. */
    int[] ids() {
        return words.stream().flatMap(List::stream).mapToInt(Integer::intValue).toArray();
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
