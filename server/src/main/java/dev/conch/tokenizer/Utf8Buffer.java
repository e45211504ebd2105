package dev.conch.tokenizer;

import java.util.Arrays;

/** UTF-8 of a part of a text, followed by zero bytes. The arrays are kept for the next text unless they are large. Not thread-safe. */
final class Utf8Buffer {
    private static final int PADDING = Math.max(WordKey.PADDING, WordScanner.PADDING);
    private static final int CHUNK = 1 << 10;
    private static final int KEPT_CAPACITY = 1 << 20;
    private static final int MAX_BYTES_PER_UNIT = 3;

    private final char[] chunk = new char[CHUNK];
    private byte[] bytes = new byte[CHUNK];
    private int size;
    private int union;

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    /** All bits that a UTF-16 unit of the text has set: less than a power of two if and only if all units are. */
    int union() {
        return union;
    }

    /** Takes a part of a text; unpaired surrogates become U+FFFD. */
    void set(String text, int from, int to, boolean spaceFirst) {
        if (bytes.length > KEPT_CAPACITY) {
            bytes = new byte[CHUNK];
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
        int bits = unionOf(count);
        union |= bits;
        if (bits < 0x80) {
            narrow(count);
        } else {
            encode(count);
        }
        return count;
    }

    private int unionOf(int count) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= chunk[i];
        }
        return bits;
    }

    private void narrow(int count) {
        for (int i = 0; i < count; i++) {
            bytes[size + i] = (byte) chunk[i];
        }
        size += count;
    }

    private void encode(int count) {
        int at = size;
        for (int i = 0; i < count; i++) {
            char unit = chunk[i];
            if (unit < 0x80) {
                bytes[at++] = (byte) unit;
            } else if (unit < 0x800) {
                at = two(at, unit);
            } else if (!Character.isSurrogate(unit)) {
                at = three(at, unit);
            } else if (i + 1 < count && Character.isSurrogatePair(unit, chunk[i + 1])) {
                at = four(at, Character.toCodePoint(unit, chunk[++i]));
            } else {
                at = three(at, 0xFFFD);
            }
        }
        size = at;
    }

    private int two(int at, int codePoint) {
        bytes[at] = (byte) (0xC0 | codePoint >> 6);
        bytes[at + 1] = continuation(codePoint);
        return at + 2;
    }

    private int three(int at, int codePoint) {
        bytes[at] = (byte) (0xE0 | codePoint >> 12);
        bytes[at + 1] = continuation(codePoint >> 6);
        bytes[at + 2] = continuation(codePoint);
        return at + 3;
    }

    private int four(int at, int codePoint) {
        bytes[at] = (byte) (0xF0 | codePoint >> 18);
        bytes[at + 1] = continuation(codePoint >> 12);
        bytes[at + 2] = continuation(codePoint >> 6);
        bytes[at + 3] = continuation(codePoint);
        return at + 4;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | bits & 0x3F);
    }

    private void reserve(int needed, int unitsLeft) {
        if (bytes.length - size < needed) {
            bytes = Arrays.copyOf(bytes, Math.max(size + unitsLeft, 2 * bytes.length) + needed);
        }
    }
}
