package dev.conch.sim.script;

import java.time.Duration;

/**
 * When tokens come. Immutable.
 *
 * @param prefill from a request's start to its first token
 * @param prefillPerToken added to {@code prefill} for each token of the prompt
 * @param interToken between two responses to one request; in step mode between two steps of the whole engine
 * @param batching how steps are made up, and with {@link Mode#BATCHES} how long they take
 */
public record Pace(Mode mode, Duration prefill, Duration prefillPerToken, Duration interToken, Batching batching) {
    /** What advances a generation. */
    public enum Mode {
        /** A timer of its own; with zero durations the whole reply leaves at once. */
        EACH_ALONE,

        /** One timer for all, as in-flight batching: a step brings a response to every running request. */
        STEPS,

        /** As {@link #STEPS}, but a step takes as long as what is in it: more sequences and longer prompts are slower. */
        BATCHES,

        /** The test: nothing comes until it asks for a step. */
        MANUAL
    }

    public Pace {
        if (mode == Mode.STEPS && !interToken.isPositive()) {
            throw new IllegalArgumentException(
                    "interToken: " + interToken + " (expected: more than zero between steps)");
        }
        if (mode == Mode.BATCHES && !batching.step().isPositive()) {
            throw new IllegalArgumentException("step: " + batching.step() + " (expected: more than zero)");
        }
        if (prefill.isNegative() || prefillPerToken.isNegative() || interToken.isNegative()) {
            throw new IllegalArgumentException("pace: " + prefill + ", " + prefillPerToken + ", " + interToken
                    + " (expected: no negative duration)");
        }
    }

    /** Everything at once. */
    public static Pace burst() {
        return eachAlone(Duration.ZERO, Duration.ZERO);
    }

    public static Pace eachAlone(Duration prefill, Duration interToken) {
        return new Pace(Mode.EACH_ALONE, prefill, Duration.ZERO, interToken, Batching.free());
    }

    public static Pace steps(Duration prefill, Duration interToken) {
        return new Pace(Mode.STEPS, prefill, Duration.ZERO, interToken, Batching.free());
    }

    /** An engine whose steps take their time, as a GPU's do. */
    public static Pace batches(Batching batching) {
        return new Pace(Mode.BATCHES, Duration.ZERO, Duration.ZERO, Duration.ZERO, batching);
    }

    /** For tests of order: see {@code SimulatedTriton.step()}. */
    public static Pace manual() {
        return manual(Integer.MAX_VALUE);
    }

    /** Likewise, with steps that read so many tokens of prompts at most. */
    public static Pace manual(int promptTokensPerStep) {
        Batching steps = new Batching(Duration.ZERO, Duration.ZERO, Duration.ZERO, promptTokensPerStep);
        return new Pace(Mode.MANUAL, Duration.ZERO, Duration.ZERO, Duration.ZERO, steps);
    }

    /** The same pace with a prefill that grows with the prompt. */
    public Pace withPrefillPerToken(Duration duration) {
        return new Pace(mode, prefill, duration, interToken, batching);
    }

    /** From the start of a request to its first token, if it has so many prompt tokens to read. */
    public Duration prefill(int promptTokens) {
        return prefill.plus(prefillPerToken.multipliedBy(promptTokens));
    }
}
