package dev.conch.sim.engine;

/** The one thread on which the engine runs, and its clock. */
interface Scheduler extends AutoCloseable {
    /** Nanoseconds since some instant. */
    long nanoTime();

    /** Runs a task after all that were handed in before. */
    void execute(Runnable task);

    /** Runs a task so many nanoseconds from now. */
    void schedule(Runnable task, long delayNanos);

    /** Drops what has not run. */
    @Override
    void close();
}
