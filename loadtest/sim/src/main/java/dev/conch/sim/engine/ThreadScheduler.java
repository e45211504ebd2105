package dev.conch.sim.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/** A daemon thread with the system's clock. Tasks that come after {@link #close} are dropped: there is nobody to answer. */
final class ThreadScheduler implements Scheduler {
    private static final Logger LOG = System.getLogger(ThreadScheduler.class.getName());

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, ThreadScheduler::thread, new DiscardPolicy());

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> run(task));
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        var _ = executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    /** The executor would keep an exception to itself. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the simulated engine has a bug", e);
        }
    }

    private static Thread thread(Runnable body) {
        return Thread.ofPlatform().daemon().name("sim-engine").unstarted(body);
    }
}
