package dev.conch.sim.engine;

import dev.conch.sim.script.Pace;

/** Gives generations their steps. Lives on the engine's thread. */
interface Pacer {
    /** Takes on a generation that has a slot. */
    void start(Generation generation);

    /** One step of all running generations, on demand. */
    void step();

    /** What the latest step had in it. */
    StepContents latest();

    static Pacer of(Pace pace, Scheduler scheduler) {
        return switch (pace.mode()) {
            case EACH_ALONE -> new TimedPacer(pace, scheduler);
            case STEPS -> new SteppedPacer(pace, scheduler);
            case BATCHES, MANUAL -> new BatchPacer(pace, scheduler);
        };
    }
}
