package dev.conch.admission;

import java.util.concurrent.CompletionStage;

/** The right to be inside, or the wait for it. Lives as long as the answer's stream. Thread-safe. */
public interface Permit extends AutoCloseable {

    /**
     * Completes with this permit when its holder may be inside: has completed already if nobody had to be waited for, and else does so on the event loop. Fails
     * with {@code OVERLOADED} if that takes too long; never completes if it was closed before.
     */
    CompletionStage<Permit> granted();

    /** Leaves, the queue too. Idempotent. */
    @Override
    void close();
}
