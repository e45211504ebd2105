package dev.conch.tokenizer;

/**
 * Assembles characters from UTF-8 bytes as they come, with one U+FFFD for each maximal part of an ill-formed sequence. That is what
 * Python's {@code errors="replace"} and Rust's {@code from_utf8_lossy} do (Unicode 16, section 3.9, "U+FFFD Substitution of Maximal
 * Subparts"); the state machine is the WHATWG Encoding Standard's. Not thread-safe.
 */
final class Utf8Assembler implements ByteSequence {
    private static final char REPLACEMENT = '\uFFFD';
    private static final int CONTINUATION_FIRST = 0x80;
    private static final int CONTINUATION_LAST = 0xBF;

    private int codePoint;
    private int missing;
    private int lower = CONTINUATION_FIRST;
    private int upper = CONTINUATION_LAST;
    private boolean malformed;

    /** Whether no character is begun. */
    @Override
    public boolean idle() {
        return missing == 0;
    }

    /** Whether there was anything that is not UTF-8. */
    boolean malformed() {
        return malformed;
    }

    /** Forgets everything. */
    void restart() {
        reset();
        malformed = false;
    }

    @Override
    public void accept(byte next, StringBuilder out) {
        int value = next & 0xFF;
        if (missing == 0) {
            begin(value, out);
        } else if (value < lower || value > upper) {
            reset();
            replace(out);
            begin(value, out);
        } else {
            proceed(value, out);
        }
    }

    /** Ends the text: a character that was begun will never be complete. */
    @Override
    public void finish(StringBuilder out) {
        if (missing > 0) {
            reset();
            replace(out);
        }
    }

    private void begin(int value, StringBuilder out) {
        if (value < 0x80) {
            out.append((char) value);
        } else if (value >= 0xC2 && value <= 0xDF) {
            expect(1, value & 0x1F);
        } else if (value >= 0xE0 && value <= 0xEF) {
            expect(2, value & 0x0F);
            lower = value == 0xE0 ? 0xA0 : CONTINUATION_FIRST; // shorter forms exist
            upper = value == 0xED ? 0x9F : CONTINUATION_LAST; // surrogates
        } else if (value >= 0xF0 && value <= 0xF4) {
            expect(3, value & 0x07);
            lower = value == 0xF0 ? 0x90 : CONTINUATION_FIRST; // shorter forms exist
            upper = value == 0xF4 ? 0x8F : CONTINUATION_LAST; // beyond U+10FFFF
        } else {
            replace(out);
        }
    }

    private void replace(StringBuilder out) {
        malformed = true;
        out.append(REPLACEMENT);
    }

    private void expect(int continuationBytes, int bits) {
        missing = continuationBytes;
        codePoint = bits;
    }

    private void proceed(int value, StringBuilder out) {
        lower = CONTINUATION_FIRST;
        upper = CONTINUATION_LAST;
        codePoint = (codePoint << 6) | (value & 0x3F);
        missing--;
        if (missing == 0) {
            out.appendCodePoint(codePoint);
        }
    }

    private void reset() {
        missing = 0;
        lower = CONTINUATION_FIRST;
        upper = CONTINUATION_LAST;
    }
}
