package dev.conch.engine.triton;

import java.util.Arrays;
import java.util.List;

/**
 * Token sequences in the form in which TensorRT-LLM takes them, [2, width]: the ids of all words in a row, below them the offset at
 * which each word ends, and -1 where there are fewer words than ids.
 */
final class TokenWords {
    private TokenWords() {}

    /** Both rows, one after the other. */
    static int[] of(List<List<Integer>> words) {
        int width = words.stream().mapToInt(List::size).sum();
        int[] rows = new int[2 * width];
        Arrays.fill(rows, width, 2 * width, -1);
        int end = 0;
        for (int word = 0; word < words.size(); word++) {
            for (int id : words.get(word)) {
                rows[end++] = id;
            }
            rows[width + word] = end;
        }
        return rows;
    }
}
