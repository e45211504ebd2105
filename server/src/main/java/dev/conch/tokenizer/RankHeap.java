package dev.conch.tokenizer;

import java.util.Arrays;

/**
 * A heap of places in a word, by rank and then by place; both in one {@code long}. Each entry has four children, which share a cache line: a
 * heap of millions is half as deep as with two. Not thread-safe.
 */
final class RankHeap {
    private static final long[] EMPTY = {};
    private static final int CHILDREN = 4;

    private long[] entries = EMPTY;
    private int size;

    static int rank(long entry) {
        return (int) (entry >>> Integer.SIZE);
    }

    static int place(long entry) {
        return (int) entry;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Gives the memory back. */
    void clear() {
        entries = EMPTY;
        size = 0;
    }

    /** Begins with the merges at the first {@code count} places, those where nothing merges left out. */
    void fill(long[] merges, int count) {
        if (entries.length < count) {
            entries = new long[count];
        }
        size = 0;
        for (int i = 0; i < count; i++) {
            if (merges[i] != MergeTable.NONE) {
                entries[size++] = entry(MergeTable.rank(merges[i]), i);
            }
        }
        for (int i = parent(size - 1); i >= 0; i--) {
            sink(i, entries[i]);
        }
    }

    void add(int rank, int place) {
        if (size == entries.length) {
            entries = Arrays.copyOf(entries, Math.max(64, 2 * size));
        }
        long entry = entry(rank, place);
        int at = size++;
        while (at > 0 && entry < entries[parent(at)]) {
            entries[at] = entries[parent(at)];
            at = parent(at);
        }
        entries[at] = entry;
    }

    /** Removes the lowest; there must be one. */
    long poll() {
        long lowest = entries[0];
        long last = entries[--size];
        if (size > 0) {
            sink(0, last);
        }
        return lowest;
    }

    private void sink(int from, long entry) {
        int at = from;
        for (int child; (child = CHILDREN * at + 1) < size; at = child) {
            child = lowest(child, Math.min(size, child + CHILDREN));
            if (entry <= entries[child]) {
                break;
            }
            entries[at] = entries[child];
        }
        entries[at] = entry;
    }

    private int lowest(int from, int to) {
        int lowest = from;
        for (int i = from + 1; i < to; i++) {
            lowest = entries[i] < entries[lowest] ? i : lowest;
        }
        return lowest;
    }

    private static int parent(int child) {
        return (child - 1) >> 2;
    }

    private static long entry(int rank, int place) {
        return (long) rank << Integer.SIZE | place;
    }
}
