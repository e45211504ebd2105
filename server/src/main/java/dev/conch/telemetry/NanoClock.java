package dev.conch.telemetry;

/** Time to measure with. Thread-safe. */
@FunctionalInterface
public interface NanoClock {

    /** Monotonic time in nanoseconds, from whenever. */
    long nanos();
}
