package dev.conch.tokenizer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Text that UTF-8 can express.
 *
 * <p>Nearly all texts are, so what counts is to find that out quickly: four units at a time it is asked whether one of them is U+8000 or above, and
 * only a chunk in which there is one is looked at unit by unit.
 */
final class WellFormedText {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int CHUNK = 1 << 9;
    private static final int UNITS = Long.BYTES / Character.BYTES;
    private static final long HIGH_BITS = 0x8000_8000_8000_8000L;

    private WellFormedText() {}

    /** Puts U+FFFD in the place of every surrogate that has no partner; the length stays as it is. */
    static String of(String text) {
        int length = text.length();
        char[] chunk = new char[Math.min(CHUNK, (length + UNITS - 1) & -UNITS)];
        MemorySegment units = MemorySegment.ofArray(chunk);
        for (int from = 0; from < length; from += CHUNK) {
            int to = Math.min(length, from + CHUNK);
            text.getChars(from, to, chunk, 0);
            if (hasHigh(units, to - from) && hasUnpaired(text, from, to)) {
                return replaceFrom(from, text);
            }
        }
        return text;
    }

    /** Whether one of the first units may be a surrogate; up to three behind them are looked at too. */
    private static boolean hasHigh(MemorySegment units, int count) {
        long all = 0;
        int longs = (count + UNITS - 1) / UNITS;
        for (int i = 0; i < longs; i++) {
            all |= units.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * Long.BYTES);
        }
        return (all & HIGH_BITS) != 0;
    }

    private static boolean hasUnpaired(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (isUnpaired(text, i)) {
                return true;
            }
        }
        return false;
    }

    private static String replaceFrom(int first, String text) {
        StringBuilder wellFormed = new StringBuilder(text);
        for (int i = first; i < text.length(); i++) {
            if (isUnpaired(text, i)) {
                wellFormed.setCharAt(i, REPLACEMENT);
            }
        }
        return wellFormed.toString();
    }

    private static boolean isUnpaired(String text, int at) {
        char unit = text.charAt(at);
        if (!Character.isSurrogate(unit)) {
            return false;
        }
        return Character.isHighSurrogate(unit)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
