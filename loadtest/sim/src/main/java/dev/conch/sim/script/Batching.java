package dev.conch.sim.script;

import java.time.Duration;

/**
 * What one step of an engine with in-flight batching takes in, and how long it lasts. A step brings one token to every sequence that is
 * past its prompt, and reads so much of the prompts beside that, first come, first served; a prompt's first token comes with the step
 * that has read its end. Immutable.
 *
 * @param step the time that every step takes
 * @param perSequence added for each request that gets a token without reading its prompt
 * @param perPromptToken added for each token of a prompt that is read
 * @param promptTokensPerStep how many tokens of prompts a step reads at most
 */
public record Batching(Duration step, Duration perSequence, Duration perPromptToken, int promptTokensPerStep) {
    public Batching {
        if (step.isNegative() || perSequence.isNegative() || perPromptToken.isNegative()) {
            throw new IllegalArgumentException("batching: " + step + ", " + perSequence + ", " + perPromptToken
                    + " (expected: no negative duration)");
        }
        if (promptTokensPerStep < 1) {
            throw new IllegalArgumentException(
                    "promptTokensPerStep: " + promptTokensPerStep + " (expected: at least 1)");
        }
    }

    /** A step takes no time and reads any prompt to its end. */
    static Batching free() {
        return new Batching(Duration.ZERO, Duration.ZERO, Duration.ZERO, Integer.MAX_VALUE);
    }

    /** How long a step takes that gives tokens to so many sequences and reads so many tokens of prompts. */
    public Duration cost(int sequences, int promptTokens) {
        return step.plus(perSequence.multipliedBy(sequences)).plus(perPromptToken.multipliedBy(promptTokens));
    }
}
