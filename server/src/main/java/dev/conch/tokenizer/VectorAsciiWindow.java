package dev.conch.tokenizer;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/** A window made by vector instructions: with 512 bits it takes one comparison for each set. */
final class VectorAsciiWindow extends AsciiWindow {
    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    /** Processors with narrower vectors may have no instruction that makes bits of a comparison. */
    private static final int LEAST_BYTES = 32;

    /** Whether this processor has vectors that pay, and a whole number of them fills a window. */
    static boolean isFast() {
        return SPECIES.length() >= LEAST_BYTES && SIZE % SPECIES.length() == 0;
    }

    @Override
    void load(byte[] text, int from, int end) {
        long letter = 0;
        long digit = 0;
        long space = 0;
        long control = 0;
        long lineFeed = 0;
        long carriageReturn = 0;
        long apostrophe = 0;
        long high = 0;
        for (int shift = 0; shift < SIZE; shift += SPECIES.length()) {
            ByteVector bytes = ByteVector.fromArray(SPECIES, text, from + shift);
            letter |= between(bytes.or((byte) 0x20), 'a', 'z') << shift;
            digit |= between(bytes, '0', '9') << shift;
            space |= equal(bytes, ' ') << shift;
            control |= between(bytes, '\t', '\r') << shift;
            lineFeed |= equal(bytes, '\n') << shift;
            carriageReturn |= equal(bytes, '\r') << shift;
            apostrophe |= equal(bytes, '\'') << shift;
            high |= bytes.compare(LT, (byte) 0).toLong() << shift;
        }
        letters = letter;
        digits = digit;
        newlines = lineFeed | carriageReturn;
        spaces = space;
        blanks = space | (control & ~newlines);
        apostrophes = apostrophe;
        outside = behind(from, end) | high;
    }

    /** The bytes from first to last, both ASCII: moved so that the last is the highest, they are those above the one before the first. */
    private static long between(ByteVector bytes, int first, int last) {
        int up = Byte.MAX_VALUE - last;
        return bytes.add((byte) up).compare(GT, (byte) (first + up - 1)).toLong();
    }

    private static long equal(ByteVector bytes, int value) {
        return bytes.compare(EQ, (byte) value).toLong();
    }
}
