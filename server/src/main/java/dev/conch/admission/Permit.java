package dev.conch.admission;

/** The right to be inside. Lives as long as the answer's stream. Thread-safe. */
public interface Permit extends AutoCloseable {

    /** Leaves. Idempotent. */
    @Override
    void close();
}
