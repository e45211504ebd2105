package dev.conch.sim.engine;

/**
 * What the latest step had in it. Immutable.
 *
 * @param iteration how many steps there have been
 * @param context requests of which it read the prompt
 * @param contextTokens of those prompts
 * @param generation requests that got a token without reading a prompt
 */
record StepContents(long iteration, int context, int contextTokens, int generation) {
    /** Before the first step, and between two bursts of work. */
    static StepContents idle(long iteration) {
        return new StepContents(iteration, 0, 0, 0);
    }

    int scheduled() {
        return context + generation;
    }
}
