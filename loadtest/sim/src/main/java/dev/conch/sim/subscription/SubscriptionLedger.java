package dev.conch.sim.subscription;

import java.time.Duration;
import java.util.function.Predicate;

/** Counts what happens to subscriptions, and lets a test wait for counts. Thread-safe. */
final class SubscriptionLedger {
    private long opened;
    private long open;
    private long submits;
    private long submissions;
    private long stopped;
    private long steps;
    private long acknowledgements;
    private long renewals;

    synchronized void opened() {
        opened++;
        open++;
        notifyAll();
    }

    synchronized void closed() {
        open--;
        notifyAll();
    }

    synchronized void submitted(int count) {
        submits++;
        submissions += count;
        notifyAll();
    }

    synchronized void stopped(int count) {
        stopped += count;
        notifyAll();
    }

    synchronized void stepped() {
        steps++;
        notifyAll();
    }

    synchronized void acknowledged() {
        acknowledgements++;
        notifyAll();
    }

    synchronized void renewed() {
        renewals++;
        notifyAll();
    }

    synchronized SubscriptionCounts counts() {
        return new SubscriptionCounts(opened, open, submits, submissions, stopped, steps, acknowledgements, renewals);
    }

    /** @throws AssertionError if the counts are not as wished in time */
    synchronized SubscriptionCounts await(String wish, Predicate<SubscriptionCounts> wished, Duration timeout)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!wished.test(counts())) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new AssertionError(counts() + " (expected: " + wish + " within " + timeout + ")");
            }
            wait(millis);
        }
        return counts();
    }
}
