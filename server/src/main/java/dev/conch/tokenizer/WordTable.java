package dev.conch.tokenizer;

import java.util.Arrays;

/**
 * Words of the vocabulary that are one token. An entry for a word of up to {@link #SHORT} bytes is two {@code long}s that hold all of
 * it: 13 bytes, the length, the id; a look-up touches one cache line and one of the filter. Longer words lie one behind the other in a
 * pool of bytes. Open addressing with linear probing, at most half full: a word put in early has its own slot most probably, so frequent
 * words should come first. The filter, a table of bits that is small enough to stay near the processor, tells of most short words that
 * they are not here (Bloom 1970, with one hash function). Immutable once built.
 */
final class WordTable {
    /** Longest word of which an entry holds all. */
    static final int SHORT = 13;

    static final int NONE = -1;

    private static final int ID_BITS = 20;
    private static final int ID_MASK = (1 << ID_BITS) - 1;
    private static final int LENGTH_BITS = 4;

    private final long[] shortWords;
    private final int shortShift;
    /** A bit for each hash of a short word, four times as many as slots; 0 if no word has it. */
    private final long[] filter;

    /** Three numbers each: where its bytes begin, how many they are (0: no entry), its id. */
    private final int[] longWords;

    private final int longShift;
    private byte[] pool = new byte[1 << 10];
    private int poolSize;

    /**
     * Prepares a table.
     *
     * @param shortCount number of words of up to {@link #SHORT} bytes
     * @param longCount number of longer words
     */
    WordTable(int shortCount, int longCount) {
        int shortBits = bits(shortCount);
        shortWords = new long[2 << shortBits];
        shortShift = Long.SIZE - shortBits;
        filter = new long[(4 << shortBits) / Long.SIZE];
        int longBits = bits(longCount);
        longWords = new int[3 << longBits];
        longShift = Long.SIZE - longBits;
    }

    /** At least five: the filter has to have more than one number, so that no shift is by all 64 bits. */
    private static int bits(int count) {
        return Math.max(5, 33 - Integer.numberOfLeadingZeros(count));
    }

    /**
     * Adds a word.
     *
     * @param padded its bytes, followed by {@link WordKey#PADDING} others
     */
    void put(byte[] padded, int length, int id) {
        if (length <= SHORT) {
            putShort(WordKey.first(padded, 0, length), rest(padded, 0, length), id);
        } else {
            putLong(padded, length, id);
        }
    }

    private void putShort(long first, long rest, int id) {
        long hash = WordKey.hash(first, rest);
        filter[filterWord(hash)] |= filterBit(hash);
        int slot = slot(hash);
        while (shortWords[slot + 1] != 0) {
            slot = (slot + 2) & (shortWords.length - 1);
        }
        shortWords[slot] = first;
        shortWords[slot + 1] = rest | id;
    }

    private void putLong(byte[] padded, int length, int id) {
        int slots = longWords.length / 3;
        int slot = (int) (WordKey.hash(padded, 0, length) >>> longShift);
        while (longWords[3 * slot + 1] != 0) {
            slot = (slot + 1) & (slots - 1);
        }
        longWords[3 * slot] = poolSize;
        longWords[3 * slot + 1] = length;
        longWords[3 * slot + 2] = id;
        if (pool.length < poolSize + length) {
            pool = Arrays.copyOf(pool, 2 * (poolSize + length));
        }
        System.arraycopy(padded, 0, pool, poolSize, length);
        poolSize += length;
    }

    /** Id of a word of up to {@link #SHORT} bytes; {@link #NONE} if the table does not have it. */
    int findShort(byte[] text, int from, int length) {
        long first = WordKey.first(text, from, length);
        long rest = rest(text, from, length);
        long hash = WordKey.hash(first, rest);
        if ((filter[filterWord(hash)] & filterBit(hash)) == 0) {
            return NONE;
        }
        int slot = slot(hash);
        while (true) {
            long entry = shortWords[slot + 1];
            if (shortWords[slot] == first && (entry & ~ID_MASK) == rest) {
                return (int) entry & ID_MASK;
            }
            if (entry == 0) {
                return NONE;
            }
            slot = (slot + 2) & (shortWords.length - 1);
        }
    }

    /** Id of a longer word; {@link #NONE} if the table does not have it. */
    int findLong(byte[] text, int from, int length) {
        int slots = longWords.length / 3;
        int slot = (int) (WordKey.hash(text, from, length) >>> longShift);
        for (int found; (found = longWords[3 * slot + 1]) != 0; slot = (slot + 1) & (slots - 1)) {
            int at = longWords[3 * slot];
            if (found == length && Arrays.equals(pool, at, at + length, text, from, from + length)) {
                return longWords[3 * slot + 2];
            }
        }
        return NONE;
    }

    /** Bytes 9 to 13 and the length, above the bits of the id. */
    private static long rest(byte[] text, int from, int length) {
        return (WordKey.second(text, from, length) << LENGTH_BITS | length) << ID_BITS;
    }

    private int slot(long hash) {
        return (int) (hash >>> shortShift) << 1;
    }

    private int filterWord(long hash) {
        return (int) (hash >>> (shortShift + 4));
    }

    private long filterBit(long hash) {
        return 1L << (hash >>> (shortShift - 2));
    }
}
