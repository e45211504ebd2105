package dev.conch.sim.grpc;

/** Whether the server says that it and its model are ready; a test may change it. Thread-safe. */
public final class Readiness {
    private volatile boolean ready = true;

    public boolean isReady() {
        return ready;
    }

    public void set(boolean newReady) {
        ready = newReady;
    }
}
