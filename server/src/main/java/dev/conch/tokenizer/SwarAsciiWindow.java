package dev.conch.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A window made without vector instructions. Eight bytes are compared at a time, each with a range: the high bit of a byte is set by adding to it
 * what is missing to 128. The eight high bits are then moved together by one multiplication (H. S. Warren, "Hacker's Delight", 2nd edition, 2-17
 * and 7-4 for the two devices).
 */
final class SwarAsciiWindow extends AsciiWindow {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ALL_BYTES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long GATHER = 0x0002040810204081L;

    @Override
    void load(byte[] text, int from, int end) {
        long letter = 0;
        long digit = 0;
        long lineFeed = 0;
        long space = 0;
        long rare = 0;
        for (int shift = 0; shift < SIZE; shift += Long.BYTES) {
            long bytes = (long) LONG.get(text, from + shift);
            long low = bytes & ~HIGH_BITS;
            long feeds = equal(low, '\n');
            letter |= gather(between(low | 0x20 * ALL_BYTES, 'a', 'z')) << shift;
            digit |= gather(below(low ^ '0' * ALL_BYTES, 10)) << shift;
            lineFeed |= gather(feeds) << shift;
            space |= gather(equal(low, ' ')) << shift;
            rare |= (bytes & HIGH_BITS) | (between(low, '\t', '\r') & ~feeds) | equal(low, '\'');
        }
        letters = letter;
        digits = digit;
        newlines = lineFeed;
        blanks = space;
        spaces = space;
        apostrophes = 0;
        outside = behind(from, end);
        if (rare != 0) {
            loadRare(text, from);
        }
    }

    /** What most windows do not have. */
    private void loadRare(byte[] text, int from) {
        long control = 0;
        long carriageReturn = 0;
        long apostrophe = 0;
        long high = 0;
        for (int shift = 0; shift < SIZE; shift += Long.BYTES) {
            long bytes = (long) LONG.get(text, from + shift);
            long low = bytes & ~HIGH_BITS;
            control |= gather(between(low, '\t', '\r')) << shift;
            carriageReturn |= gather(equal(low, '\r')) << shift;
            apostrophe |= gather(equal(low, '\'')) << shift;
            high |= gather(bytes & HIGH_BITS) << shift;
        }
        newlines |= carriageReturn;
        blanks |= control & ~newlines;
        apostrophes = apostrophe;
        outside |= high;
    }

    /** High bit of each byte from first to last; all are ASCII. */
    private static long between(long bytes, int first, int last) {
        return (bytes + (0x80 - first) * ALL_BYTES) & ~(bytes + (0x7F - last) * ALL_BYTES) & HIGH_BITS;
    }

    /** High bit of each byte that is less than a limit; all are ASCII. */
    private static long below(long bytes, int limit) {
        return ~(bytes + (0x80 - limit) * ALL_BYTES) & HIGH_BITS;
    }

    private static long equal(long bytes, int value) {
        return ~((bytes ^ value * ALL_BYTES) + 0x7F * ALL_BYTES) & HIGH_BITS;
    }

    /** The high bits of eight bytes, side by side. */
    private static long gather(long highBits) {
        return (highBits * GATHER) >>> (Long.SIZE - Byte.SIZE);
    }
}
