package dev.conch.sim.engine;

/**
 * One moment of the engine, as TensorRT-LLM's gauges show it. Immutable.
 *
 * @param active requests inside, waiting ones included
 * @param max requests that may run at the same time
 * @param scheduled requests in the latest step; without steps (each request has its own timer) all that run
 * @param context those of which it read the prompt
 * @param generation the others
 * @param contextTokens tokens of prompts that it read
 * @param kvBlocks that the cache has
 * @param kvUsed blocks that are promised to running requests
 * @param kvReused how often a block was found and not read
 * @param tokensPerBlock of the cache
 * @param iteration how many steps there have been
 */
public record EngineStatistics(
        int active,
        int max,
        int scheduled,
        int context,
        int generation,
        int contextTokens,
        int kvBlocks,
        int kvUsed,
        long kvReused,
        int tokensPerBlock,
        long iteration) {
    /** Requests inside that the latest step left out, those in the queue among them. */
    public int waiting() {
        return active - scheduled;
    }

    static EngineStatistics of(EngineLimits limits, Slots slots, KvCache cache, StepContents step) {
        return new EngineStatistics(
                slots.running() + slots.waiting(),
                limits.slots(),
                Math.min(step.scheduled(), slots.running()),
                step.context(),
                step.generation(),
                step.contextTokens(),
                cache.size().blocks(),
                cache.used(),
                cache.reused(),
                cache.size().tokensPerBlock(),
                step.iteration());
    }
}
