package dev.conch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds up the thread that comes to it until it is ended: how a test makes a slow reader. Thread-safe. */
public final class Pause {
    private static final int PATIENCE_SECONDS = 20;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    /** Stands still, if it is not over. */
    public void hold() {
        begun.countDown();
        await(over);
    }

    /** Waits until somebody is held up. */
    public void awaitBegin() {
        await(begun);
    }

    public void end() {
        over.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
