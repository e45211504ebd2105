package dev.conch.sim.engine;

/**
 * How much the simulated engine takes. Immutable.
 *
 * @param maxSequenceLength tokens of prompt and answer together; a longer answer is cut silently, a prompt that leaves no room
 *     is refused
 * @param vocabularySize what {@code embedding_bias} has to match, and the bound of generated ids
 * @param slots requests that run at the same time
 * @param queue requests that wait for a slot; one more is refused in TensorRT-LLM's words
 * @param kvCache room for what running requests have read and said; the longest sequence has to fit in it
 */
public record EngineLimits(int maxSequenceLength, int vocabularySize, int slots, int queue, KvCacheSize kvCache) {
    /** Ids below this are left to control tokens: no engine generates them here. */
    static final int FIRST_GENERATED_ID = 1_000;

    public EngineLimits {
        atLeast("maxSequenceLength", maxSequenceLength, 2);
        atLeast("vocabularySize", vocabularySize, FIRST_GENERATED_ID + 2);
        atLeast("slots", slots, 1);
        atLeast("queue", queue, 0);
        atLeast("kvCache", kvCache.blocks(), kvCache.blocksFor(maxSequenceLength));
    }

    private static void atLeast(String name, int value, int minimum) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least " + minimum + ")");
        }
    }

    /** As long as the default model of Conch, with room for everybody. */
    public static EngineLimits roomy() {
        return new EngineLimits(8_192, 49_152, Integer.MAX_VALUE, Integer.MAX_VALUE, KvCacheSize.unlimited());
    }

    public EngineLimits withMaxSequenceLength(int tokens) {
        return new EngineLimits(tokens, vocabularySize, slots, queue, kvCache);
    }

    public EngineLimits withVocabularySize(int tokens) {
        return new EngineLimits(maxSequenceLength, tokens, slots, queue, kvCache);
    }

    public EngineLimits withSlots(int running, int waiting) {
        return new EngineLimits(maxSequenceLength, vocabularySize, running, waiting, kvCache);
    }

    /** A smaller cache also makes the longest sequence shorter, as TensorRT-LLM does. */
    public EngineLimits withKvCache(KvCacheSize size) {
        long tokens = (long) size.blocks() * size.tokensPerBlock();
        return new EngineLimits((int) Math.min(maxSequenceLength, tokens), vocabularySize, slots, queue, size);
    }
}
