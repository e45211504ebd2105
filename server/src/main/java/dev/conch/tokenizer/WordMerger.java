package dev.conch.tokenizer;

/**
 * Merges the bytes of one word: of all neighbours that are in the table of merges those with the lowest rank become one token, the
 * leftmost first, until none are left (Sennrich et al. 2016, algorithm 1).
 *
 * <p>A short word is kept in two arrays, tokens and ranks of neighbours, which are searched and closed up at each merge: quadratic, but
 * without a branch that depends on memory, and faster than anything cleverer. A long word is a doubly linked list of tokens with a heap of
 * the neighbours that merge; what a merge has overtaken is recognised when it comes up. There are fewer merges than bytes, each adds at most
 * two to the heap: O(n log n), however the text is made.
 *
 * <p>Bytes that the vocabulary lacks are left out, as in the Hugging Face library. Not thread-safe.
 */
final class WordMerger {
    private static final int SHORT = 64;
    private static final int INITIAL_CAPACITY = 1 << 10;
    /** Longer arrays are not kept. */
    private static final int KEPT_CAPACITY = 1 << 16;

    private final MergeTable merges;
    private final int[] idOfByte;

    private int[] ids = new int[INITIAL_CAPACITY];
    private int[] ranks = new int[INITIAL_CAPACITY];
    private int[] next = new int[INITIAL_CAPACITY];
    private int[] previous = new int[INITIAL_CAPACITY];
    private final RankHeap heap = new RankHeap();
    private int size;

    /**
     * Makes a merger.
     *
     * @param idOfByte id of each byte, negative if the vocabulary lacks it
     */
    WordMerger(MergeTable merges, int[] idOfByte) {
        this.merges = merges;
        this.idOfByte = idOfByte;
    }

    /** Merges a word; the tokens are {@link #ids} up to the number that is returned. */
    int merge(byte[] text, int from, int to) {
        reserve(to - from);
        load(text, from, to);
        if (size <= SHORT) {
            mergeShort();
        } else {
            mergeLong();
        }
        return size;
    }

    /** Tokens of the last word. */
    int[] ids() {
        return ids;
    }

    private void load(byte[] text, int from, int to) {
        size = 0;
        byte last = 0;
        for (int i = from; i < to; i++) {
            int id = idOfByte[text[i] & 0xFF];
            if (id >= 0) {
                if (size > 0) {
                    ranks[size - 1] = merges.rankOfBytes(last, text[i]);
                }
                ids[size++] = id;
                last = text[i];
            }
        }
    }

    private void mergeShort() {
        while (size > 1) {
            int best = 0;
            int lowest = ranks[0];
            for (int i = 1; i < size - 1; i++) {
                if (ranks[i] < lowest) {
                    lowest = ranks[i];
                    best = i;
                }
            }
            if (lowest == MergeTable.NONE) {
                return;
            }
            mergeAt(best, merges.merged(lowest));
        }
    }

    private void mergeAt(int at, int id) {
        ids[at] = id;
        size--;
        for (int i = at + 1; i < size; i++) {
            ids[i] = ids[i + 1];
            ranks[i - 1] = ranks[i];
        }
        if (at > 0) {
            ranks[at - 1] = merges.rank(ids[at - 1], id);
        }
        if (at + 1 < size) {
            ranks[at] = merges.rank(id, ids[at + 1]);
        }
    }

    private void mergeLong() {
        int last = size - 1;
        for (int i = 0; i <= last; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        ranks[last] = MergeTable.NONE;
        heap.fill(ranks, last);
        while (!heap.isEmpty()) {
            long lowest = heap.poll();
            int at = RankHeap.place(lowest);
            if (ranks[at] == RankHeap.rank(lowest)) {
                mergeLinked(at, last);
            }
        }
        closeUp(last);
    }

    /** A place that a merge has taken away, or whose neighbours merge no longer, has the rank {@link MergeTable#NONE}. */
    private void mergeLinked(int at, int last) {
        int id = merges.merged(ranks[at]);
        int gone = next[at];
        int following = next[gone];
        ids[at] = id;
        next[at] = following;
        ranks[gone] = MergeTable.NONE;
        if (following <= last) {
            previous[following] = at;
            rank(at, merges.rank(id, ids[following]));
        } else {
            ranks[at] = MergeTable.NONE;
        }
        if (previous[at] >= 0) {
            rank(previous[at], merges.rank(ids[previous[at]], id));
        }
    }

    private void rank(int at, int rank) {
        ranks[at] = rank;
        if (rank != MergeTable.NONE) {
            heap.add(rank, at);
        }
    }

    private void closeUp(int last) {
        size = 0;
        for (int at = 0; at <= last; at = next[at]) {
            ids[size++] = ids[at];
        }
    }

    private void reserve(int capacity) {
        if (capacity > ids.length || (ids.length > KEPT_CAPACITY && capacity <= KEPT_CAPACITY)) {
            int length = Math.max(INITIAL_CAPACITY, capacity);
            ids = new int[length];
            ranks = new int[length];
            next = new int[length];
            previous = new int[length];
            heap.clear();
        }
    }
}
