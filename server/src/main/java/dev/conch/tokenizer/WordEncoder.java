package dev.conch.tokenizer;

import java.util.Arrays;

/**
 * Encodes one text at a time; the working memory of {@link ByteLevelBpe}, of about a mebibyte. Not thread-safe.
 *
 * <p>Most words of most texts are short and came lately. They take few instructions and no branch that is hard to predict: look-ups wait for
 * memory, but not for each other, and a processor begins several of them at once.
 */
final class WordEncoder {
    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final int KEPT_CAPACITY = 1 << 18;

    private final WordScanner scanner;
    private final WordTable words;
    private final boolean prefixSpace;
    private final boolean nfc;
    private final Utf8Buffer utf8 = new Utf8Buffer();
    private final ShortWordCache shortWords = new ShortWordCache();
    private final WordCache cache = new WordCache();
    private final WordMerger merger;
    private int[] ids = new int[INITIAL_CAPACITY];
    private int size;
    private final AsciiWindow window = AsciiWindow.create();

    WordEncoder(BpeTables tables, PreTokenizer preTokenizer, boolean nfc) {
        scanner = preTokenizer.scanner();
        prefixSpace = preTokenizer.prefixSpace();
        words = tables.words();
        merger = new WordMerger(tables.merges(), tables.idOfByte());
        this.nfc = nfc;
    }

    void encode(String text, int from, int to, TokenIds out) {
        utf8.set(text, from, to, prefixSpace);
        if (nfc && utf8.union() >= Nfc.FIRST_AFFECTED) {
            String composed = Nfc.normalize(text, from, to);
            if (composed != null) {
                utf8.set(composed, 0, composed.length(), prefixSpace);
            }
        }
        size = 0;
        if (text.indexOf(0, from, to) < 0) {
            encodeWords(utf8.bytes(), utf8.size());
        } else {
            encodeOneByOne(utf8.bytes(), utf8.size());
        }
        out.addAll(ids, size);
        if (ids.length > KEPT_CAPACITY) {
            ids = new int[INITIAL_CAPACITY];
        }
    }

    /** One method, so that the compiler keeps what all words need in registers: cut in two, it took a tenth longer. */
    private void encodeWords(byte[] bytes, int end) {
        ShortWordCache shortWords = this.shortWords;
        for (int at = 0; at < end; ) {
            long starts = scanner.followingStarts(window, bytes, at, end);
            if (starts == 0) {
                int to = scanner.next(bytes, at, end);
                if (to - at >= Long.SIZE) {
                    encodeAnyWord(bytes, at, to);
                    at = to;
                    continue;
                }
                starts = 1L << (to - at);
            }
            // These words have fewer bytes than that, so fewer tokens; nothing below takes another array.
            reserve(Long.SIZE + ShortWordCache.MAX_TOKENS);
            int[] ids = this.ids;
            int filled = size;
            for (int from = at; starts != 0; starts &= starts - 1) {
                int to = from + Long.numberOfTrailingZeros(starts);
                int length = to - at;
                long word = WordKey.first(bytes, at, length);
                long tokens = length <= ShortWordCache.MAX_BYTES ? shortWords.findFirst(word) : ShortWordCache.NONE;
                if (tokens != ShortWordCache.NONE) {
                    filled += ShortWordCache.unpack(tokens, ids, filled);
                } else {
                    size = filled;
                    encodeMissedWord(word, bytes, at, length);
                    filled = size;
                }
                at = to;
            }
            size = filled;
        }
    }

    /** As {@link #encodeWords} where words may have zero bytes, so that short ones cannot be told apart by eight bytes. */
    private void encodeOneByOne(byte[] bytes, int end) {
        for (int at = 0; at < end; ) {
            int to = scanner.next(bytes, at, end);
            encodeAnyWord(bytes, at, to);
            at = to;
        }
    }

    private void encodeAnyWord(byte[] bytes, int from, int to) {
        reserve(to - from);
        encodeWord(bytes, from, to - from);
    }

    private void encodeMissedWord(long word, byte[] bytes, int from, int length) {
        if (length > ShortWordCache.MAX_BYTES) {
            encodeWord(bytes, from, length);
            return;
        }
        long tokens = shortWords.findSecond(word);
        if (tokens == ShortWordCache.NONE) {
            encodeShortWord(word, bytes, from, length);
        } else {
            size += ShortWordCache.unpack(tokens, ids, size);
        }
    }

    /** A short word of many tokens is merged each time: there are few, and to look for each in {@link #cache} would cost all of them more. */
    private void encodeShortWord(long word, byte[] bytes, int from, int length) {
        int start = size;
        int id = words.findShort(bytes, from, length);
        if (id >= 0) {
            ids[size++] = id;
        } else {
            merge(bytes, from, length);
        }
        if (size > start) {
            shortWords.put(word, ids, start, size - start);
        }
    }

    private void encodeWord(byte[] bytes, int from, int length) {
        int id = length <= WordTable.SHORT ? words.findShort(bytes, from, length) : WordTable.NONE;
        if (id >= 0) {
            ids[size++] = id;
        } else {
            encodeRareWord(bytes, from, length);
        }
    }

    private void encodeRareWord(byte[] bytes, int from, int length) {
        if (length > WordKey.MAX_BYTES) {
            encodeUnknownWord(bytes, from, length);
            return;
        }
        int count = cache.find(bytes, from, length, ids, size);
        if (count > 0) {
            size += count;
            return;
        }
        int start = size;
        encodeUnknownWord(bytes, from, length);
        if (size > start && size - start <= WordCache.MAX_TOKENS) {
            cache.put(bytes, from, length, ids, start, size - start);
        }
    }

    private void encodeUnknownWord(byte[] bytes, int from, int length) {
        int id = length > WordTable.SHORT ? words.findLong(bytes, from, length) : WordTable.NONE;
        if (id >= 0) {
            ids[size++] = id;
            return;
        }
        merge(bytes, from, length);
    }

    private void merge(byte[] bytes, int from, int length) {
        int count = merger.merge(bytes, from, from + length);
        System.arraycopy(merger.ids(), 0, ids, size, count);
        size += count;
    }

    /** A word has at most as many tokens as bytes. */
    private void reserve(int length) {
        if (ids.length - size < length) {
            ids = Arrays.copyOf(ids, Math.max(2 * ids.length, size + length));
        }
    }
}
