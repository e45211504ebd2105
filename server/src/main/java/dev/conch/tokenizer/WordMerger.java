package dev.conch.tokenizer;

/**
 * Merges the bytes of one word: of all neighbours that are in the table of merges those with the lowest rank become one token, the
 * leftmost first, until none are left (Sennrich et al. 2016, algorithm 1).
 *
 * <p>A short word has one number per place, made of the rank of the two tokens that meet there, of the place itself and of what they
 * become, which need not be looked up when its turn has come. The lowest is found
 * by looking at all of them, which is quadratic, but without a branch that could be mispredicted; which places still begin a token is a
 * set of 64 bits. A long word is a doubly linked list of tokens with a heap of the neighbours that merge; what a merge has overtaken is
 * recognised when it comes up. There are fewer merges than bytes, each adds at most two to the heap: O(n log n), however the text is made.
 *
 * <p>Bytes that the vocabulary lacks are left out, as in the Hugging Face library. Not thread-safe.
 */
final class WordMerger {
    /** One place for each bit of a {@code long}. */
    private static final int SHORT = 1 << MergeTable.PLACE_BITS;

    private static final int INITIAL_CAPACITY = 1 << 10;
    /** Longer arrays are not kept. */
    private static final int KEPT_CAPACITY = 1 << 16;

    private final MergeTable merges;
    private final int[] idOfByte;

    private int[] ids = new int[INITIAL_CAPACITY];
    /** The merge of the token that begins at a place with the one that follows. */
    private long[] found = new long[INITIAL_CAPACITY];

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
        if (size > SHORT) {
            mergeLong();
        } else if (size > 1) {
            mergeShort();
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
                    found[size - 1] = merges.findBytes(last, text[i]);
                }
                ids[size++] = id;
                last = text[i];
            }
        }
    }

    private void mergeShort() {
        int count = size;
        int[] tokens = ids;
        long[] keys = found;
        for (int i = 0; i < count - 1; i++) {
            keys[i] = key(keys[i], i);
        }
        keys[count - 1] = MergeTable.NONE;
        long begins = -1L >>> (Long.SIZE - count);
        for (long lowest; (lowest = lowest(keys, count)) != MergeTable.NONE; ) {
            int at = (int) (lowest >>> MergeTable.PLACE_SHIFT) & (SHORT - 1);
            int id = MergeTable.result(lowest);
            long after = begins & (-2L << at);
            int gone = Long.numberOfTrailingZeros(after);
            begins &= ~(1L << gone);
            tokens[at] = id;
            keys[gone] = MergeTable.NONE;
            int following = Long.numberOfTrailingZeros(after & (after - 1));
            keys[at] = following < count ? key(merges.find(id, tokens[following]), at) : MergeTable.NONE;
            int previous = Long.SIZE - 1 - Long.numberOfLeadingZeros(begins & ((1L << at) - 1));
            if (previous >= 0) {
                keys[previous] = key(merges.find(tokens[previous], id), previous);
            }
        }
        size = gather(tokens, begins);
    }

    private static long lowest(long[] keys, int count) {
        long lowest = MergeTable.NONE;
        for (int i = 0; i < count; i++) {
            lowest = Math.min(lowest, keys[i]);
        }
        return lowest;
    }

    /** No merge stays what it is: it has all these bits. */
    private static long key(long merge, int place) {
        return merge | (long) place << MergeTable.PLACE_SHIFT;
    }

    private static int gather(int[] tokens, long begins) {
        int count = 0;
        for (long rest = begins; rest != 0; rest &= rest - 1) {
            tokens[count++] = tokens[Long.numberOfTrailingZeros(rest)];
        }
        return count;
    }

    private void mergeLong() {
        int last = size - 1;
        for (int i = 0; i <= last; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
        }
        found[last] = MergeTable.NONE;
        heap.fill(found, last);
        while (!heap.isEmpty()) {
            long lowest = heap.poll();
            int at = RankHeap.place(lowest);
            if (MergeTable.rank(found[at]) == RankHeap.rank(lowest)) {
                mergeLinked(at, last);
            }
        }
        closeUp(last);
    }

    /** A place that a merge has taken away, or whose neighbours merge no longer, has {@link MergeTable#NONE}. */
    private void mergeLinked(int at, int last) {
        int id = MergeTable.result(found[at]);
        int gone = next[at];
        int following = next[gone];
        ids[at] = id;
        next[at] = following;
        found[gone] = MergeTable.NONE;
        if (following <= last) {
            previous[following] = at;
            find(at, id, ids[following]);
        } else {
            found[at] = MergeTable.NONE;
        }
        if (previous[at] >= 0) {
            find(previous[at], ids[previous[at]], id);
        }
    }

    private void find(int at, int left, int right) {
        long merge = merges.find(left, right);
        found[at] = merge;
        if (merge != MergeTable.NONE) {
            heap.add(MergeTable.rank(merge), at);
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
            found = new long[length];
            next = new int[length];
            previous = new int[length];
            heap.clear();
        }
    }
}
