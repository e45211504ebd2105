package dev.conch.sim.engine;

/**
 * How much the simulated engine takes. Immutable.
 *
 * @param maxSequenceLength tokens of prompt and answer together; a longer answer is cut silently, a prompt that leaves no room
 *     is refused
 * @param vocabularySize what {@code embedding_bias} has to match, and the bound of generated ids
 * @param slots requests that run at the same time
 * @param queue requests that wait for a slot; one more is refused in TensorRT-LLM's words
 */
public record EngineLimits(int maxSequenceLength, int vocabularySize, int slots, int queue) {
    /** Ids below this are left to control tokens: no engine generates them here. */
    static final int FIRST_GENERATED_ID = 1_000;

    public EngineLimits {
        atLeast("maxSequenceLength", maxSequenceLength, 2);
        atLeast("vocabularySize", vocabularySize, FIRST_GENERATED_ID + 2);
        atLeast("slots", slots, 1);
        atLeast("queue", queue, 0);
    }

    private static void atLeast(String name, int value, int minimum) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least " + minimum + ")");
        }
    }

    /** As long as the default model of Conch, with room for everybody. */
    public static EngineLimits roomy() {
        return new EngineLimits(8_192, 49_152, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    public EngineLimits withMaxSequenceLength(int tokens) {
        return new EngineLimits(tokens, vocabularySize, slots, queue);
    }

    public EngineLimits withVocabularySize(int tokens) {
        return new EngineLimits(maxSequenceLength, tokens, slots, queue);
    }

    public EngineLimits withSlots(int running, int waiting) {
        return new EngineLimits(maxSequenceLength, vocabularySize, running, waiting);
    }
}
