package dev.conch.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * UTF-8 of a part of a text, followed by zero bytes. The arrays are kept for the next text unless they are large. Not thread-safe.
 *
 * <p>{@link String#getBytes} would allocate and needs a substring, so text goes through a small array of characters. Where it is ASCII the
 * JDK's encoder takes it from there, with vector instructions; a loop encodes the other characters and what is close to them.
 */
final class Utf8Buffer {
    private static final int PADDING = Math.max(WordKey.PADDING, WordScanner.PADDING);
    private static final int CHUNK = 1 << 9;
    private static final int INITIAL_CAPACITY = 1 << 12;
    private static final int KEPT_CAPACITY = 1 << 20;
    private static final int MAX_BYTES_PER_UNIT = 3;
    private static final int REPLACEMENT = 0xFFFD;
    /** After so many ASCII characters there will be more of them. */
    private static final int ASCII_RUN = 16;

    private final CharsetEncoder ascii = StandardCharsets.US_ASCII.newEncoder();
    private final char[] chunk = new char[CHUNK];
    private final CharBuffer chunkView = CharBuffer.wrap(chunk);
    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private ByteBuffer bytesView = ByteBuffer.wrap(bytes);
    private int size;
    private int union;

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** All bits that any UTF-16 unit of the text has set; those of ASCII may be missing. */
    int union() {
        return union;
    }

    /** Takes a part of a text; unpaired surrogates become U+FFFD. */
    void set(String text, int from, int to, boolean spaceFirst) {
        if (bytes.length > KEPT_CAPACITY) {
            allocate(new byte[INITIAL_CAPACITY]);
        }
        size = 0;
        union = 0;
        if (spaceFirst && from < to && text.charAt(from) != ' ') {
            bytes[size++] = ' ';
        }
        for (int at = from; at < to; ) {
            at += append(text, at, Math.min(to, at + CHUNK), to);
        }
        Arrays.fill(bytes, size, size + PADDING, (byte) 0);
    }

    /** Takes a chunk, but not the first half of a pair that it would cut; returns how many units it was. */
    private int append(String text, int from, int to, int end) {
        int last = to < end && Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
        int count = last - from;
        reserve(MAX_BYTES_PER_UNIT * count + PADDING, end - from);
        text.getChars(from, last, chunk, 0);
        for (int at = 0; at < count; ) {
            at = encodeAscii(at, count);
            at = encodeOthers(at, count);
        }
        return count;
    }

    /** Encodes up to the first character that is not ASCII; returns where that is. */
    private int encodeAscii(int from, int count) {
        chunkView.limit(count).position(from);
        bytesView.limit(bytes.length).position(size);
        ascii.encode(chunkView, bytesView, false);
        size = bytesView.position();
        return chunkView.position();
    }

    /** Encodes up to where it is worthwhile to look for ASCII again; returns where that is. */
    private int encodeOthers(int from, int count) {
        char[] units = chunk;
        byte[] out = bytes;
        int at = size;
        int bits = 0;
        int i = from;
        for (int run = 0; i < count && run < ASCII_RUN; i++) {
            int unit = units[i];
            bits |= unit;
            run = unit < 0x80 ? run + 1 : 0;
            if (unit < 0x80) {
                out[at++] = (byte) unit;
            } else if (unit < 0x800) {
                out[at] = (byte) (0xC0 | (unit >> 6));
                out[at + 1] = continuation(unit);
                at += 2;
            } else if (unit < Character.MIN_SURROGATE || unit > Character.MAX_SURROGATE) {
                at = three(out, at, unit);
            } else if (i + 1 < count && Character.isSurrogatePair((char) unit, units[i + 1])) {
                at = four(out, at, Character.toCodePoint((char) unit, units[++i]));
            } else {
                at = three(out, at, REPLACEMENT);
            }
        }
        union |= bits;
        size = at;
        return i;
    }

    private static int three(byte[] out, int at, int codePoint) {
        out[at] = (byte) (0xE0 | (codePoint >> 12));
        out[at + 1] = continuation(codePoint >> 6);
        out[at + 2] = continuation(codePoint);
        return at + 3;
    }

    private static int four(byte[] out, int at, int codePoint) {
        out[at] = (byte) (0xF0 | (codePoint >> 18));
        out[at + 1] = continuation(codePoint >> 12);
        out[at + 2] = continuation(codePoint >> 6);
        out[at + 3] = continuation(codePoint);
        return at + 4;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    private void reserve(int needed, int unitsLeft) {
        if (bytes.length - size < needed) {
            allocate(Arrays.copyOf(bytes, Math.max(size + unitsLeft, 2 * bytes.length) + needed));
        }
    }

    private void allocate(byte[] array) {
        bytes = array;
        bytesView = ByteBuffer.wrap(array);
    }
}
