package dev.conch.tokenizer;

/**
 * What short words came to lately: those of up to {@link #MAX_BYTES} bytes and {@link #MAX_TOKENS} tokens. A word and its tokens are two {@code
 * long}s, and nothing but the word's bytes has to be known to find them. Words whose hashes agree share two places: a new one takes the first, the
 * one that was there takes the second, and the one that was there is forgotten. Compares all bytes: no text can be mistaken for another. Half a
 * mebibyte. Not thread-safe.
 */
final class ShortWordCache {
    /** Zeros stand for the bytes that a word does not have, so no byte of a word may be zero. */
    static final int MAX_BYTES = Long.BYTES;

    static final int MAX_TOKENS = 3;

    /** Not the tokens of any word. */
    static final long NONE = 0;

    private static final int BITS = 15;
    private static final int ID_BITS = Integer.SIZE - Integer.numberOfLeadingZeros(MergeTable.ID_LIMIT);
    private static final int ID_MASK = (1 << ID_BITS) - 1;
    private static final int COUNT_SHIFT = MAX_TOKENS * ID_BITS;
    private static final int SECOND = 2;

    private final long[] places = new long[2 << BITS];

    /**
     * Finds the tokens of a word in its first place, where nearly all are that are known.
     *
     * @param word its bytes, zero where it has ended
     * @return for {@link #unpack}; {@link #NONE} if the word is not there
     */
    long findFirst(long word) {
        int first = first(word);
        return places[first] == word ? places[first + 1] : NONE;
    }

    /** As {@link #findFirst} in its second place, from where it comes back into the first. */
    long findSecond(long word) {
        int second = first(word) + SECOND;
        if (places[second] != word) {
            return NONE;
        }
        long tokens = places[second + 1];
        put(word, tokens);
        return tokens;
    }

    /** Remembers what a word came to, unless that is too much: {@code count} tokens, at least one, from {@code from} on. */
    void put(long word, int[] ids, int from, int count) {
        if (count <= MAX_TOKENS) {
            long tokens = (long) count << COUNT_SHIFT;
            for (int i = 0; i < count; i++) {
                tokens |= (long) ids[from + i] << (i * ID_BITS);
            }
            put(word, tokens);
        }
    }

    private void put(long word, long tokens) {
        int first = first(word);
        places[first + SECOND] = places[first];
        places[first + SECOND + 1] = places[first + 1];
        places[first] = word;
        places[first + 1] = tokens;
    }

    /**
     * Writes out what was found.
     *
     * @param ids has room for {@link #MAX_TOKENS} more, all of which are written to
     * @return the number of tokens
     */
    static int unpack(long tokens, int[] ids, int at) {
        ids[at] = (int) tokens & ID_MASK;
        ids[at + 1] = (int) (tokens >>> ID_BITS) & ID_MASK;
        ids[at + 2] = (int) (tokens >>> (2 * ID_BITS)) & ID_MASK;
        return (int) (tokens >>> COUNT_SHIFT);
    }

    private static int first(long word) {
        return (int) (WordKey.hash(word) >>> (Long.SIZE - BITS + 1)) << 2;
    }
}
