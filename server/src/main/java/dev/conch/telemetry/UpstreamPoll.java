package dev.conch.telemetry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks again and again, on a thread of its own that does not keep the program alive. Thread-safe. */
public final class UpstreamPoll implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("upstream-poll").factory());

    private UpstreamPoll() {}

    /** Asks at once, and then at this interval. */
    public static UpstreamPoll start(List<UpstreamWatch> watches, Duration interval) {
        var poll = new UpstreamPoll();
        for (UpstreamWatch watch : watches) {
            var _ = poll.thread.scheduleWithFixedDelay(watch::ask, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        }
        return poll;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
