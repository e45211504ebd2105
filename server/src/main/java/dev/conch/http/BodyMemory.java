package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.concurrent.atomic.AtomicLong;

/** What the bodies of all requests together take up, and may take up. Each is held until its answer begins. Thread-safe. */
public final class BodyMemory {
    private final long maxBytes;
    private final Runnable onRefused;
    private final AtomicLong held = new AtomicLong();

    /**
     * Begins with none.
     *
     * @param maxBytes of all bodies, as sent and as decoded
     * @param onRefused told of every body that found no place
     */
    public BodyMemory(long maxBytes, Runnable onRefused) {
        this.maxBytes = maxBytes;
        this.onRefused = onRefused;
    }

    /** How many bytes are held now. */
    public long held() {
        return held.get();
    }

    /** The part of one body, to be closed when it is no longer needed. */
    Share share() {
        return new Share();
    }

    /** What one body takes up. */
    final class Share implements AutoCloseable {
        private long bytes;
        private boolean closed;

        /**
         * Takes more. Nobody waits for the body of a share that was closed, so it takes nothing.
         *
         * @throws GenerationException {@code OVERLOADED} if that is more than there is
         */
        synchronized void take(int more) {
            if (closed) {
                return;
            }
            if (held.addAndGet(more) > maxBytes) {
                held.addAndGet(-more);
                onRefused.run();
                throw new GenerationException(
                        ErrorCode.OVERLOADED,
                        "The server holds as much of requests in memory as it may. Try again shortly.");
            }
            bytes += more;
        }

        /** Gives everything back. Idempotent. */
        @Override
        public synchronized void close() {
            closed = true;
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
