package dev.conch.sim.engine;

import dev.conch.sim.script.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * All generations step together, as an engine with in-flight batching steps: those in prefill join when they are done, and one
 * step serves everybody. Steps come from a timer that runs while anybody does.
 */
final class SteppedPacer implements Pacer {
    private final Pace pace;
    private final Scheduler scheduler;
    private List<Generation> running = new ArrayList<>();
    private StepContents latest = StepContents.idle(0);
    private boolean ticking;

    SteppedPacer(Pace pace, Scheduler scheduler) {
        this.pace = pace;
        this.scheduler = scheduler;
    }

    @Override
    public void start(Generation generation) {
        long prefill = pace.prefill(generation.promptTokensToRead()).toNanos();
        if (prefill == 0) {
            join(generation);
        } else {
            scheduler.schedule(() -> join(generation), prefill);
        }
    }

    @Override
    public void step() {
        throw new IllegalStateException("step: a timer makes them (expected: the manual pace)");
    }

    @Override
    public StepContents latest() {
        return latest;
    }

    private void serve() {
        latest = new StepContents(latest.iteration() + 1, 0, 0, running.size());
        List<Generation> staying = new ArrayList<>(running.size());
        for (Generation generation : running) {
            switch (generation.advance()) {
                case MORE -> staying.add(generation);
                case STALLED ->
                    scheduler.schedule(
                            () -> join(generation), generation.stall().toNanos());
                case NONE -> {}
            }
        }
        running = staying;
    }

    private void join(Generation generation) {
        running.add(generation);
        if (!ticking) {
            ticking = true;
            tickAt(scheduler.nanoTime());
        }
    }

    private void tickAt(long due) {
        scheduler.schedule(() -> tick(due), Math.max(0, due - scheduler.nanoTime()));
    }

    private void tick(long due) {
        serve();
        ticking = !running.isEmpty();
        if (ticking) {
            tickAt(due + pace.interToken().toNanos());
        } else {
            latest = StepContents.idle(latest.iteration());
        }
    }
}
