package dev.conch.chat.jinja;

import java.time.Clock;

/** What one rendering has used of its limits. */
final class Budget {
    private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 64;

    private final RenderLimits limits;
    private final Clock clock;
    private final long deadlineMillis;
    private long nextLookAtTheClock = STEPS_BETWEEN_LOOKS_AT_THE_CLOCK;
    private long steps;
    private long builtCharacters;
    private long loopIterations;
    private int depth;

    Budget(RenderLimits limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
        deadlineMillis = clock.millis() + limits.maxTime().toMillis();
    }

    void step() {
        steps(1);
    }

    /** Work that grows with the size of a value is as many steps as it has elements. */
    void steps(long count) {
        steps += count;
        if (steps > limits.maxSteps()) {
            throw new TemplateLimitException("steps", limits.maxSteps());
        }
        if (steps >= nextLookAtTheClock) {
            nextLookAtTheClock = steps + STEPS_BETWEEN_LOOKS_AT_THE_CLOCK;
            requireTime();
        }
    }

    private void requireTime() {
        if (clock.millis() > deadlineMillis) {
            throw new TemplateLimitException("milliseconds", limits.maxTime().toMillis());
        }
    }

    void loopIteration() {
        if (++loopIterations > limits.maxLoopIterations()) {
            throw new TemplateLimitException("loop iterations", limits.maxLoopIterations());
        }
    }

    void build(long characters) {
        builtCharacters += characters;
        if (builtCharacters > limits.maxBuiltCharacters()) {
            throw new TemplateLimitException("characters of built text", limits.maxBuiltCharacters());
        }
    }

    void requireOutputLength(long characters) {
        if (characters > limits.maxOutputCharacters()) {
            throw new TemplateLimitException("characters of output", limits.maxOutputCharacters());
        }
    }

    void enterCall() {
        requireDepth(++depth);
    }

    void leaveCall() {
        depth--;
    }

    void requireDepth(int nested) {
        if (nested > limits.maxDepth()) {
            throw new TemplateLimitException("depth", limits.maxDepth());
        }
    }
}
