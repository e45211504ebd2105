package dev.conch.engine.triton;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The event loop that carries a request, as the rest of this room sees it. What is on it already goes on at once, so gRPC's callbacks
 * cost no hop where channel and request share a loop; what comes from elsewhere queues up. gRPC keeps the callbacks of a call in order
 * on any executor.
 */
final class RequestLoop implements Executor {
    private final Executor eventLoop;
    private final ScheduledExecutorService timers;

    RequestLoop(Executor eventLoop) {
        this.eventLoop = eventLoop;
        this.timers = eventLoop instanceof ScheduledExecutorService own ? own : GlobalEventExecutor.INSTANCE;
    }

    /** The loop itself. */
    Executor eventLoop() {
        return eventLoop;
    }

    @Override
    public void execute(Runnable task) {
        if (eventLoop instanceof EventExecutor loop && loop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    /** Runs the task after what the loop has to do now, even if called on the loop. */
    void executeLater(Runnable task) {
        eventLoop.execute(task);
    }

    /** Runs the task on the loop again and again, with the period between one end and the next start. */
    Future<?> every(Duration period, Runnable task) {
        long nanos = Math.max(1, period.toNanos());
        return timers.scheduleWithFixedDelay(() -> execute(task), nanos, nanos, TimeUnit.NANOSECONDS);
    }
}
