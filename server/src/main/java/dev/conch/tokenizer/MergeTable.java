package dev.conch.tokenizer;

import java.util.Arrays;

/**
 * Merges of a BPE model: which two tokens become one, how early, and which one. Open addressing with linear probing; an entry is one
 * {@code long}: 20 bits for each token, 24 for the rank. Immutable once built.
 *
 * <p>Most questions are about pairs that do not merge. One bit of a table that is small enough to stay near the processor answers nearly all
 * of these (Bloom 1970, with one hash function). Pairs of two single bytes come first and have a table of their own.
 */
final class MergeTable {
    /** Ids must be below this. */
    static final int ID_LIMIT = (1 << 20) - 1;
    /** There must be fewer merges. */
    static final int RANK_LIMIT = (1 << 24) - 1;

    /** The rank of a pair that does not merge: after all others. */
    static final int NONE = Integer.MAX_VALUE;

    private static final long EMPTY = -1;
    private static final int RANK_BITS = 24;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long[] entries;
    private final int shift;
    /** A bit for each hash, four times as many as entries; 0 if no pair in the table has it. */
    private final long[] filter;

    private final int[] merged;
    private final int[] rankOfBytes = new int[1 << 16];

    /**
     * Prepares a table.
     *
     * @param count number of merges
     */
    MergeTable(int count) {
        int bits = Math.max(5, 33 - Integer.numberOfLeadingZeros(count));
        entries = new long[1 << bits];
        Arrays.fill(entries, EMPTY);
        shift = Long.SIZE - bits;
        filter = new long[(4 << bits) / Long.SIZE];
        merged = new int[count];
    }

    /** Adds a merge; of two for the same pair the later counts. */
    void put(int left, int right, int rank, int result) {
        long pair = pair(left, right);
        long hash = pair * GOLDEN;
        filter[filterWord(hash)] |= filterBit(hash);
        int slot = (int) (hash >>> shift);
        while (entries[slot] != EMPTY && entries[slot] >>> RANK_BITS != pair) {
            slot = (slot + 1) & (entries.length - 1);
        }
        entries[slot] = (pair << RANK_BITS) | rank;
        merged[rank] = result;
    }

    /**
     * Ends building.
     *
     * @param idOfByte id of each single byte, negative if it has none
     */
    MergeTable withBytes(int[] idOfByte) {
        for (int pair = 0; pair < rankOfBytes.length; pair++) {
            int left = idOfByte[pair >> 8];
            int right = idOfByte[pair & 0xFF];
            rankOfBytes[pair] = left < 0 || right < 0 ? NONE : rank(left, right);
        }
        return this;
    }

    /** How early two tokens merge; {@link #NONE} if they do not. */
    int rank(int left, int right) {
        long pair = pair(left, right);
        long hash = pair * GOLDEN;
        if ((filter[filterWord(hash)] & filterBit(hash)) == 0) {
            return NONE;
        }
        int slot = (int) (hash >>> shift);
        while (true) {
            long entry = entries[slot];
            if (entry >>> RANK_BITS == pair) {
                return (int) entry & RANK_LIMIT;
            }
            if (entry == EMPTY) {
                return NONE;
            }
            slot = (slot + 1) & (entries.length - 1);
        }
    }

    /** As {@link #rank} for two single bytes. */
    int rankOfBytes(byte left, byte right) {
        return rankOfBytes[((left & 0xFF) << 8) | (right & 0xFF)];
    }

    /** What the two tokens of a merge become. */
    int merged(int rank) {
        return merged[rank];
    }

    private static long pair(int left, int right) {
        return ((long) left << 20) | right;
    }

    private int filterWord(long hash) {
        return (int) (hash >>> (shift + 4));
    }

    private long filterBit(long hash) {
        return 1L << (hash >>> (shift - 2));
    }
}
