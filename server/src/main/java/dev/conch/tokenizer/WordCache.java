package dev.conch.tokenizer;

/**
 * What words came to that had to be merged and are too long for {@link ShortWordCache}: those of up to {@link WordKey#MAX_BYTES} bytes and {@link
 * #MAX_TOKENS} tokens. A word has one place, where it replaces the one before; a place is one cache line of eight {@code long}s: four for the bytes
 * and their number, four for the number of tokens and the tokens. Compares all bytes: no text can be mistaken for another. Half a mebibyte. Not
 * thread-safe.
 */
final class WordCache {
    static final int MAX_TOKENS = 7;

    private static final int BITS = 13;
    private static final int PLACE = 8;
    private static final int LENGTH_SHIFT = Long.SIZE - Byte.SIZE;

    private final long[] places = new long[PLACE << BITS];

    /**
     * Appends the tokens of a word, if it is known.
     *
     * @param ids has room for {@link #MAX_TOKENS} more
     * @return number of tokens; 0 if the word is not known
     */
    int find(byte[] text, int from, int length, int[] ids, int size) {
        long first = WordKey.part(0, text, from, length);
        long second = WordKey.part(1, text, from, length);
        long third = WordKey.part(2, text, from, length);
        long fourth = WordKey.part(3, text, from, length) | (long) length << LENGTH_SHIFT;
        int place = place(first, second, third, fourth);
        if (places[place] != first
                || places[place + 1] != second
                || places[place + 2] != third
                || places[place + 3] != fourth) {
            return 0;
        }
        int count = (int) places[place + 4];
        for (int i = 1; i <= count; i++) {
            ids[size + i - 1] = (int) (places[place + 4 + (i >> 1)] >>> ((i & 1) << 5));
        }
        return count;
    }

    /** Remembers what a word came to: {@code count} tokens, at least one, from {@code size} on. */
    void put(byte[] text, int from, int length, int[] ids, int size, int count) {
        long first = WordKey.part(0, text, from, length);
        long second = WordKey.part(1, text, from, length);
        long third = WordKey.part(2, text, from, length);
        long fourth = WordKey.part(3, text, from, length) | (long) length << LENGTH_SHIFT;
        int place = place(first, second, third, fourth);
        places[place] = first;
        places[place + 1] = second;
        places[place + 2] = third;
        places[place + 3] = fourth;
        places[place + 4] = count;
        for (int i = 1; i <= count; i++) {
            int at = place + 4 + (i >> 1);
            places[at] = (i & 1) == 0 ? ids[size + i - 1] : (places[at] & 0xFFFFFFFFL) | (long) ids[size + i - 1] << 32;
        }
    }

    private static int place(long first, long second, long third, long fourth) {
        long hash = WordKey.hash(WordKey.hash(first, second), WordKey.hash(third, fourth) >>> 7);
        return (int) (hash >>> (Long.SIZE - BITS)) * PLACE;
    }
}
