package dev.conch.sim.engine;

import dev.conch.sim.script.Pace;

/** Each generation has a timer of its own. Its steps are due at fixed times: a late one does not delay the next. */
final class TimedPacer implements Pacer {
    private final Pace pace;
    private final long interToken;
    private final Scheduler scheduler;

    TimedPacer(Pace pace, Scheduler scheduler) {
        this.pace = pace;
        this.interToken = pace.interToken().toNanos();
        this.scheduler = scheduler;
    }

    @Override
    public void start(Generation generation) {
        long prefill = pace.prefill(generation.promptTokensToRead()).toNanos();
        runAt(scheduler.nanoTime() + prefill, generation);
    }

    @Override
    public void step() {
        throw new IllegalStateException("step: each generation has its own timer (expected: the manual pace)");
    }

    @Override
    public StepContents latest() {
        return StepContents.idle(0);
    }

    private void runAt(long due, Generation generation) {
        scheduler.schedule(() -> run(due, generation), Math.max(0, due - scheduler.nanoTime()));
    }

    private void run(long due, Generation generation) {
        Progress progress = generation.advance();
        while (progress == Progress.MORE && interToken == 0) {
            progress = generation.advance();
        }
        switch (progress) {
            case MORE -> runAt(due + interToken, generation);
            case STALLED -> runAt(scheduler.nanoTime() + generation.stall().toNanos(), generation);
            case NONE -> {}
        }
    }
}
