package dev.conch.sim.engine;

import dev.conch.sim.tensor.ReceivedRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Counts what happens, keeps the latest requests, and lets a test wait for counts. Thread-safe. */
public final class Ledger {
    /** Enough for a test to look back on, little enough for a load test to forget. */
    private static final int KEPT_REQUESTS = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<ReceivedRequest> latest = new ArrayDeque<>();
    private long requests;
    private long refused;
    private long live;
    private long peakLive;
    private long completed;
    private long failed;
    private long cancelled;

    /** How a live request ended. */
    enum Outcome {
        COMPLETED,
        FAILED,
        CANCELLED
    }

    /** A request has arrived; nothing is known of it yet. */
    public void received(ReceivedRequest request) {
        record(() -> {
            requests++;
            latest.addLast(request);
            if (latest.size() > KEPT_REQUESTS) {
                latest.removeFirst();
            }
        });
    }

    /** A request was turned down before it was alive. */
    public void refused() {
        record(() -> refused++);
    }

    void accepted() {
        record(() -> peakLive = Math.max(peakLive, ++live));
    }

    void ended(Outcome outcome) {
        record(() -> {
            live--;
            switch (outcome) {
                case COMPLETED -> completed++;
                case FAILED -> failed++;
                case CANCELLED -> cancelled++;
            }
        });
    }

    public Counts counts() {
        lock.lock();
        try {
            return new Counts(requests, refused, live, peakLive, completed, failed, cancelled);
        } finally {
            lock.unlock();
        }
    }

    /** The latest requests, oldest first. */
    public List<ReceivedRequest> latest() {
        lock.lock();
        try {
            return List.copyOf(latest);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the counts are as wished.
     *
     * @param wish in words, for the error
     * @throws AssertionError if they are not in time
     */
    public Counts await(String wish, Predicate<Counts> wished, Duration timeout) throws InterruptedException {
        long nanos = timeout.toNanos();
        lock.lock();
        try {
            while (!wished.test(counts())) {
                if (nanos <= 0) {
                    throw new AssertionError(counts() + " (expected: " + wish + " within " + timeout + ")");
                }
                nanos = changed.awaitNanos(nanos);
            }
            return counts();
        } finally {
            lock.unlock();
        }
    }

    private void record(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
