package dev.conch.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Bytes of a word as numbers that can be compared and hashed without a loop. Reads up to {@link #PADDING} bytes beyond the word and
 * masks them out.
 */
final class WordKey {
    /** Longest word whose bytes fit into four numbers, its length included. */
    static final int MAX_BYTES = 4 * Long.BYTES - 1;

    static final int PADDING = 4 * Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long MIX = 0xD6E8FEB86659FD93L;
    private static final long[][] MASKS = masks();

    private WordKey() {}

    /**
     * Eight bytes of a word, zero where it has ended.
     *
     * @param part which eight, from 0
     * @param length of the word, at most {@link #PADDING}
     */
    static long part(int part, byte[] text, int from, int length) {
        return (long) LONG.get(text, from + part * Long.BYTES) & MASKS[part][length];
    }

    /** As {@link #part} for the first eight bytes; a word has at least one. */
    static long first(byte[] text, int from, int length) {
        return (long) LONG.get(text, from) & (-1L >>> -(Math.min(length, Long.BYTES) << 3));
    }

    /** As {@link #part} for the second eight bytes of a word of fewer than sixteen. */
    static long second(byte[] text, int from, int length) {
        return (long) LONG.get(text, from + Long.BYTES) & ((1L << (Math.max(length - Long.BYTES, 0) << 3)) - 1);
    }

    /** Hash of eight bytes; its high bits are the good ones. */
    static long hash(long bytes) {
        return bytes * GOLDEN;
    }

    static long hash(long first, long second) {
        return (first ^ (second * MIX)) * GOLDEN;
    }

    /** Hash of a word of any length; its high bits are the good ones. */
    static long hash(byte[] text, int from, int length) {
        long hash = length;
        for (int at = 0; at < length; at += Long.BYTES) {
            long bytes = (long) LONG.get(text, from + at);
            int rest = length - at;
            hash = Long.rotateLeft(hash ^ (rest < Long.BYTES ? bytes & MASKS[0][rest] : bytes), 29) * GOLDEN;
        }
        return (hash ^ hash >>> 32) * MIX;
    }

    private static long[][] masks() {
        long[][] masks = new long[PADDING / Long.BYTES][PADDING + 1];
        for (int part = 0; part < masks.length; part++) {
            for (int length = 0; length <= PADDING; length++) {
                int bytes = Math.clamp(length - part * Long.BYTES, 0, Long.BYTES);
                masks[part][length] = bytes == 0 ? 0 : -1L >>> (Long.SIZE - Byte.SIZE * bytes);
            }
        }
        return masks;
    }
}
