package dev.conch.sim.engine;

import dev.conch.sim.script.Batching;
import dev.conch.sim.script.Pace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * In-flight batching: who arrives during a step joins the next one. A step reads some of the prompts, first come, first served, and brings
 * a token to each sequence that is past its prompt, so a long prompt delays the others by a part of it in each step. How long a step
 * takes follows from what is in it; by hand, it takes no time and comes when it is asked for.
 *
 * <p>Steps follow each other without a gap, whatever sending their tokens cost: one that is late does not delay the next.
 */
final class BatchPacer implements Pacer {
    private final Batching batching;
    private final Scheduler scheduler;
    private final boolean byHand;
    private final Deque<Prefill> prefills = new ArrayDeque<>();
    /** Past their prompt, and not in the step that is under way. */
    private List<Generation> decoding = new ArrayList<>();

    private StepContents latest = StepContents.idle(0);
    private boolean stepping;

    /** A prompt that is not read to its end. */
    private static final class Prefill {
        private final Generation generation;
        private int left;

        Prefill(Generation generation) {
            this.generation = generation;
            this.left = generation.promptTokensToRead();
        }

        /** Reads on, and says how many tokens that were. */
        int read(int most) {
            int tokens = Math.min(left, most);
            left -= tokens;
            return tokens;
        }
    }

    /** Whom a step serves, and what it has read for that. */
    private record Plan(List<Generation> served, StepContents contents) {}

    BatchPacer(Pace pace, Scheduler scheduler) {
        this.batching = pace.batching();
        this.scheduler = scheduler;
        this.byHand = pace.mode() == Pace.Mode.MANUAL;
    }

    @Override
    public void start(Generation generation) {
        prefills.add(new Prefill(generation));
        goOn(scheduler.nanoTime());
    }

    @Override
    public void step() {
        if (!byHand) {
            throw new IllegalStateException("step: steps take their time here (expected: the manual pace)");
        }
        finish(plan());
    }

    @Override
    public StepContents latest() {
        return latest;
    }

    /** Begins a step, unless one is under way, the test makes them, or there is nothing to do. */
    private void goOn(long from) {
        if (stepping || byHand) {
            return;
        }
        Plan plan = plan();
        if (plan.contents().scheduled() == 0) {
            latest = StepContents.idle(latest.iteration());
            return;
        }
        stepping = true;
        long end = from
                + batching.cost(plan.contents().generation(), plan.contents().contextTokens())
                        .toNanos();
        scheduler.schedule(
                () -> {
                    stepping = false;
                    finish(plan);
                    goOn(end);
                },
                Math.max(0, end - scheduler.nanoTime()));
    }

    private Plan plan() {
        decoding.removeIf(Generation::isOver);
        prefills.removeIf(prefill -> prefill.generation.isOver());
        List<Generation> served = decoding;
        decoding = new ArrayList<>();
        int generation = served.size();
        int room = batching.promptTokensPerStep();
        int context = 0;
        while (room > 0 && !prefills.isEmpty()) {
            Prefill prefill = prefills.element();
            room -= prefill.read(room);
            context++;
            if (prefill.left > 0) {
                break;
            }
            served.add(prefills.remove().generation);
        }
        int read = batching.promptTokensPerStep() - room;
        long iteration = latest.iteration() + (context + generation > 0 ? 1 : 0);
        latest = new StepContents(iteration, context, read, generation);
        return new Plan(served, latest);
    }

    private void finish(Plan plan) {
        for (Generation generation : plan.served()) {
            switch (generation.advance()) {
                case MORE -> decoding.add(generation);
                case STALLED -> resumeAfterStall(generation);
                case NONE -> {}
            }
        }
    }

    private void resumeAfterStall(Generation generation) {
        scheduler.schedule(
                () -> {
                    decoding.add(generation);
                    goOn(scheduler.nanoTime());
                },
                generation.stall().toNanos());
    }
}
