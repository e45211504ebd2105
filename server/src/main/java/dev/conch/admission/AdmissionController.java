package dev.conch.admission;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that are inside and refuses more than a maximum: work that would only wait is told so at once. Thread-safe. */
public final class AdmissionController {
    private final int maxConcurrentRequests;
    private final AtomicInteger inside = new AtomicInteger();

    /**
     * Opens the door.
     *
     * @param maxConcurrentRequests at least 1
     */
    public AdmissionController(int maxConcurrentRequests) {
        this.maxConcurrentRequests = maxConcurrentRequests;
    }

    /**
     * Lets one request in.
     *
     * @throws GenerationException {@code OVERLOADED} if all places are taken
     */
    public Permit enter() {
        if (inside.incrementAndGet() > maxConcurrentRequests) {
            inside.decrementAndGet();
            throw new GenerationException(
                    ErrorCode.OVERLOADED, "The server is at its limit of concurrent requests. Try again shortly.");
        }
        return new CountedPermit();
    }

    /** How many requests are inside now. */
    public int inside() {
        return inside.get();
    }

    private final class CountedPermit implements Permit {
        private final AtomicBoolean left = new AtomicBoolean();

        @Override
        public void close() {
            if (left.compareAndSet(false, true)) {
                inside.decrementAndGet();
            }
        }
    }
}
