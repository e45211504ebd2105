package dev.conch.tokenizer;

import java.util.Arrays;

/** A growing list of token ids. */
final class TokenIds {
    private static final int INITIAL_CAPACITY = 64;

    private int[] ids = new int[INITIAL_CAPACITY];
    private int size;

    void add(int id) {
        reserve(1);
        ids[size++] = id;
    }

    void addAll(long[] more) {
        reserve(more.length);
        for (long id : more) {
            ids[size++] = Math.toIntExact(id);
        }
    }

    int[] toArray() {
        return Arrays.copyOf(ids, size);
    }

    private void reserve(int more) {
        if (ids.length - size < more) {
            ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + more));
        }
    }
}
