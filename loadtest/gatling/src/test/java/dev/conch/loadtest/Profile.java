package dev.conch.loadtest;

import java.time.Duration;
import java.util.Locale;

/** What kind of run, and what it does unless it is told otherwise: arrivals a second, for how long, in how many levels, lengths in tokens. */
@SuppressWarnings("ImmutableEnumChecker") // LogNormal is a record of numbers
enum Profile {
    /** Does it work at all? Short requests, for some seconds. */
    SMOKE(2, Duration.ofSeconds(10), 1, new LogNormal(40, 0.5, 4, 200), new LogNormal(12, 0.4, 2, 32)),

    /** Does it hold this load? The lengths of chats, for a minute. */
    STEADY(1, Duration.ofMinutes(1), 1, new LogNormal(128, 0.8, 8, 1024), new LogNormal(64, 0.6, 4, 256)),

    /** How much can it take? Level by level up to the highest rate; the duration is that of one level. */
    RAMP(8, Duration.ofSeconds(15), 8, new LogNormal(128, 0.8, 8, 1024), new LogNormal(64, 0.6, 4, 256));

    private final double rate;
    private final Duration duration;
    private final int levels;
    private final LogNormal promptTokens;
    private final LogNormal outputTokens;

    Profile(double rate, Duration duration, int levels, LogNormal promptTokens, LogNormal outputTokens) {
        this.rate = rate;
        this.duration = duration;
        this.levels = levels;
        this.promptTokens = promptTokens;
        this.outputTokens = outputTokens;
    }

    /** As it is asked for. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    double rate() {
        return rate;
    }

    Duration duration() {
        return duration;
    }

    int levels() {
        return levels;
    }

    LogNormal promptTokens() {
        return promptTokens;
    }

    LogNormal outputTokens() {
        return outputTokens;
    }
}
