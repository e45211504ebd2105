package dev.conch.sim.engine;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when the test says so. Tasks run on the test's own thread, in the order in which they are due. */
final class FakeScheduler implements Scheduler {
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::order));
    private long now;
    private long order;

    private record Task(long due, long order, Runnable body) {}

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void execute(Runnable task) {
        schedule(task, 0);
    }

    @Override
    public void schedule(Runnable task, long delayNanos) {
        tasks.add(new Task(now + delayNanos, order++, task));
    }

    /** Runs everything that is due within so many nanoseconds, at its time. */
    void pass(long nanos) {
        long end = now + nanos;
        while (!tasks.isEmpty() && tasks.element().due() <= end) {
            Task next = tasks.remove();
            now = next.due();
            next.body().run();
        }
        now = end;
    }

    boolean isIdle() {
        return tasks.isEmpty();
    }

    @Override
    public void close() {
        tasks.clear();
    }
}
