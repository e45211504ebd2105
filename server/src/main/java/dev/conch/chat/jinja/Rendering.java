package dev.conch.chat.jinja;

import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** What belongs to one rendering and to no scope. */
final class Rendering {
    private final Budget budget;
    private final Clock clock;
    private final @Nullable Value[] passed;

    /**
     * One rendering.
     *
     * @param clock what {@code strftime_now} reads
     * @param passed the caller's variables, by number
     */
    Rendering(Budget budget, Clock clock, @Nullable Value[] passed) {
        this.budget = budget;
        this.clock = clock;
        this.passed = passed;
    }

    Budget budget() {
        return budget;
    }

    Clock clock() {
        return clock;
    }

    @Nullable Value passed(int number) {
        return passed[number];
    }
}
