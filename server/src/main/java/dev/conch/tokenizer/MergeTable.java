package dev.conch.tokenizer;

import java.util.Arrays;

/**
 * Merges of a BPE model: which two tokens become one, how early, and which one. Open addressing with linear probing; an entry is two
 * {@code long}s: 20 bits for each token, above; then what {@link #find} answers. Immutable once built.
 *
 * <p>Most questions are about pairs that do not merge. One bit of a table that is small enough to stay near the processor answers nearly all
 * of these (Bloom 1970, with one hash function). Pairs of two single bytes come first and have a table of their own.
 */
final class MergeTable {
    /** Ids must be below this. */
    static final int ID_LIMIT = (1 << 20) - 1;
    /** There must be fewer merges. */
    static final int RANK_LIMIT = (1 << 24) - 1;

    /** The answer for a pair that does not merge: after all others. */
    static final long NONE = Long.MAX_VALUE;
    /** Where an answer has {@link #PLACE_BITS} zero bits, for its user: below the rank, so that equal ranks are in the order of places. */
    static final int PLACE_SHIFT = 20;

    static final int PLACE_BITS = 6;

    private static final int RANK_SHIFT = PLACE_SHIFT + PLACE_BITS;
    private static final long EMPTY = -1;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long[] entries;
    private final int shift;
    /** A bit for each hash, four times as many as entries; 0 if no pair in the table has it. */
    private final long[] filter;

    private final long[] mergeOfBytes = new long[1 << 16];

    /**
     * Prepares a table.
     *
     * @param count number of merges
     */
    MergeTable(int count) {
        int bits = Math.max(5, Integer.SIZE - Integer.numberOfLeadingZeros(count + count / 2));
        entries = new long[2 << bits];
        Arrays.fill(entries, EMPTY);
        shift = Long.SIZE - bits;
        filter = new long[(4 << bits) / Long.SIZE];
    }

    /** Adds a merge; of two for the same pair the later counts. */
    void put(int left, int right, int rank, int result) {
        long pair = pair(left, right);
        long hash = pair * GOLDEN;
        filter[filterWord(hash)] |= filterBit(hash);
        int slot = slot(hash);
        while (entries[slot] != EMPTY && entries[slot] != pair) {
            slot = following(slot);
        }
        entries[slot] = pair;
        entries[slot + 1] = ((long) rank << RANK_SHIFT) | result;
    }

    /**
     * Ends building.
     *
     * @param idOfByte id of each single byte, negative if it has none
     */
    MergeTable withBytes(int[] idOfByte) {
        for (int pair = 0; pair < mergeOfBytes.length; pair++) {
            int left = idOfByte[pair >> 8];
            int right = idOfByte[pair & 0xFF];
            mergeOfBytes[pair] = left < 0 || right < 0 ? NONE : find(left, right);
        }
        return this;
    }

    /**
     * The merge of two tokens, {@link #NONE} if there is none: a number that orders merges by rank, of which {@link #rank} and
     * {@link #result} are parts.
     */
    long find(int left, int right) {
        long pair = pair(left, right);
        long hash = pair * GOLDEN;
        if ((filter[filterWord(hash)] & filterBit(hash)) == 0) {
            return NONE;
        }
        int slot = slot(hash);
        while (true) {
            long entry = entries[slot];
            if (entry == pair) {
                return entries[slot + 1];
            }
            if (entry == EMPTY) {
                return NONE;
            }
            slot = following(slot);
        }
    }

    /** As {@link #find} for two single bytes. */
    long findBytes(byte left, byte right) {
        return mergeOfBytes[((left & 0xFF) << 8) | (right & 0xFF)];
    }

    /** How early a merge comes. */
    static int rank(long merge) {
        return (int) (merge >>> RANK_SHIFT);
    }

    /** What the two tokens of a merge become. */
    static int result(long merge) {
        return (int) merge & ((1 << PLACE_SHIFT) - 1);
    }

    private static long pair(int left, int right) {
        return ((long) left << 20) | right;
    }

    private int slot(long hash) {
        return (int) (hash >>> shift) << 1;
    }

    private int following(int slot) {
        return (slot + 2) & (entries.length - 1);
    }

    private int filterWord(long hash) {
        return (int) (hash >>> (shift + 4));
    }

    private long filterBit(long hash) {
        return 1L << (hash >>> (shift - 2));
    }
}
