package dev.conch.engine;

/** A handle on a generation that was started. Thread-safe. */
public interface RunningGeneration {

    /**
     * Ends the generation at the engine. Idempotent, and without effect on a generation that has ended. A cancelled generation tells its
     * listener nothing more.
     */
    void cancel();
}
