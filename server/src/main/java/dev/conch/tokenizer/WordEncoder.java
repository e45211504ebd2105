package dev.conch.tokenizer;

import java.util.Arrays;

/**
 * Encodes one text at a time; the working memory of {@link ByteLevelBpe}. Not thread-safe.
 *
 * <p>Words are cut in batches and then looked up: look-ups wait for memory, but not for each other, and a processor begins several of them at
 * once where no scanning lies between.
 */
final class WordEncoder {
    private static final int INITIAL_CAPACITY = 1 << 10;
    private static final int KEPT_CAPACITY = 1 << 18;
    private static final int BATCH = 1 << 8;

    private final WordScanner scanner;
    private final WordTable words;
    private final boolean prefixSpace;
    private final boolean nfc;
    private final Utf8Buffer utf8 = new Utf8Buffer();
    private final WordCache cache = new WordCache();
    private final WordMerger merger;
    private int[] ids = new int[INITIAL_CAPACITY];
    private int size;
    private final AsciiWindow window = new AsciiWindow();
    private final int[] ends = new int[BATCH + WordScanner.STEP];

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
        encodeWords(utf8.bytes(), utf8.size());
        out.addAll(ids, size);
        if (ids.length > KEPT_CAPACITY) {
            ids = new int[INITIAL_CAPACITY];
        }
    }

    private void encodeWords(byte[] bytes, int end) {
        for (int from = 0; from < end; ) {
            int count = scanner.cut(bytes, from, end, window, ends);
            reserve(ends[count - 1] - from);
            from = encodeBatch(bytes, from, count);
        }
    }

    private int encodeBatch(byte[] bytes, int from, int count) {
        int at = from;
        for (int i = 0; i < count; i++) {
            int to = ends[i];
            encodeWord(bytes, at, to - at);
            at = to;
        }
        return at;
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
