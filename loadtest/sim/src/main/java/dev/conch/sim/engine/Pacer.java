package dev.conch.sim.engine;

import dev.conch.sim.script.Pace;

/** Gives generations their steps. Lives on the engine's thread. */
interface Pacer {
    /** Takes on a generation that has a slot. */
    void start(Generation generation);

    /** One step of all running generations, on demand. */
    void step();

    static Pacer of(Pace pace, Scheduler scheduler) {
        return pace.mode() == Pace.Mode.EACH_ALONE
                ? new TimedPacer(pace, scheduler)
                : new SteppedPacer(pace, scheduler);
    }
}
