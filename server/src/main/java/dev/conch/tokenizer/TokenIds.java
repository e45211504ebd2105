package dev.conch.tokenizer;

import java.util.Arrays;

/** A growing list of token ids. It allocates nothing but its array, and that once if all ids come in one piece. */
final class TokenIds {
    private static final int INITIAL_CAPACITY = 64;
    private static final int[] EMPTY = {};

    private int[] ids = EMPTY;
    private int size;

    void add(int id) {
        if (size == ids.length) {
            grow(Math.max(INITIAL_CAPACITY, 2 * size));
        }
        ids[size++] = id;
    }

    /** Appends the first {@code count} of some ids. */
    void addAll(int[] more, int count) {
        if (size == 0 && count >= INITIAL_CAPACITY) {
            // These are likely to be all. And a copy need not be cleared first, unlike an array that is filled later.
            ids = Arrays.copyOf(more, count);
        } else {
            reserve(count);
            System.arraycopy(more, 0, ids, size, count);
        }
        size += count;
    }

    void addAll(long[] more) {
        reserve(more.length);
        for (long id : more) {
            ids[size++] = Math.toIntExact(id);
        }
    }

    /** Ends the list: the array may be the one that it was kept in. */
    int[] toArray() {
        return size == ids.length ? ids : Arrays.copyOf(ids, size);
    }

    private void reserve(int more) {
        if (ids.length - size < more) {
            grow(Math.max(INITIAL_CAPACITY, Math.max(2 * ids.length, size + more)));
        }
    }

    private void grow(int capacity) {
        ids = Arrays.copyOf(ids, capacity);
    }
}
