package dev.conch.sim.engine;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/**
 * Token ids that follow from the seed and all ids before them, as a real model's would: the same request gets the same ids, and
 * a request whose prompt is an earlier prompt with the first answers appended goes on where that one stood. Never yields a
 * control token or the request's end id. Not thread-safe.
 */
final class GeneratedTokens implements PrimitiveIterator.OfInt {
    private final int endId;
    private final int idCount;
    private long state;
    private int remaining;

    /** @param seed of this sequence: the request's, and its number added to it */
    GeneratedTokens(GenerationInputs inputs, long seed, int length, int vocabularySize) {
        this.endId = inputs.endId();
        this.idCount = vocabularySize - EngineLimits.FIRST_GENERATED_ID;
        this.state = mix(seed);
        this.remaining = length;
        inputs.prompt().forEach(this::absorb);
    }

    @Override
    public boolean hasNext() {
        return remaining > 0;
    }

    @Override
    public int nextInt() {
        if (remaining-- <= 0) {
            throw new NoSuchElementException();
        }
        int choice = (int) Long.remainderUnsigned(state, idCount);
        int id = EngineLimits.FIRST_GENERATED_ID + choice;
        if (id == endId) {
            id = EngineLimits.FIRST_GENERATED_ID + (choice + 1) % idCount;
        }
        absorb(id);
        return id;
    }

    private void absorb(int id) {
        state = mix(state + id);
    }

    /** The output function of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
