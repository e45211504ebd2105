package dev.conch.tokenizer;

import static java.util.Objects.requireNonNull;

/**
 * Up to 64 bytes of ASCII as sets: bit i of a set says whether byte i is in it. A scanner finds all words in them at once, by operations on sets,
 * where a loop over characters would have to guess at every one of them whether the word goes on.
 *
 * <p>Working memory of a {@link WordScanner}; not thread-safe.
 */
abstract sealed class AsciiWindow permits SwarAsciiWindow, VectorAsciiWindow {
    /** Number of bytes; so many may be read from any place of a text. */
    static final int SIZE = Long.SIZE;

    /** The module is incubating, so a JVM has it only if it was started with {@code --add-modules}; bin/conch does that. */
    private static final boolean VECTORS = requireNonNull(ModuleLayer.boot())
            .findModule("jdk.incubator.vector")
            .isPresent();

    long letters;
    long digits;
    long blanks;
    long newlines;
    long spaces;
    long apostrophes;
    long outside;

    /** Makes one of the kind that is the fastest here. */
    static AsciiWindow create() {
        return VECTORS && VectorAsciiWindow.isFast() ? new VectorAsciiWindow() : new SwarAsciiWindow();
    }

    /** Looks at the bytes from a place on. */
    abstract void load(byte[] text, int from, int end);

    /** ASCII letters. */
    final long letters() {
        return letters;
    }

    final long digits() {
        return digits;
    }

    /** White space without {@link #newlines}. */
    final long blanks() {
        return blanks;
    }

    /** CR and LF. */
    final long newlines() {
        return newlines;
    }

    /** U+0020. */
    final long spaces() {
        return spaces;
    }

    final long apostrophes() {
        return apostrophes;
    }

    /** What is not ASCII, or not text: of these places and of all behind the first of them the other sets say nothing. */
    final long outside() {
        return outside;
    }

    /** The places of a window at which there is no text any more. */
    static long behind(int from, int end) {
        return end - from < SIZE ? -1L << (end - from) : 0;
    }
}
