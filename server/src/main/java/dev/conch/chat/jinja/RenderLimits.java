package dev.conch.chat.jinja;

import java.time.Duration;

/**
 * How much one rendering may do. A template is a program that came with a model: it may be broken or hostile, and must neither run
 * forever nor fill the memory.
 *
 * @param maxSteps statements, loop iterations, calls, values that are compared, and every 64 characters that are searched
 * @param maxOutputCharacters UTF-16 units of the result
 * @param maxBuiltCharacters UTF-16 units of all strings built on the way, the result included
 * @param maxLoopIterations iterations of all loops together
 * @param maxDepth nesting of macro calls and of values
 * @param maxTime looked at every few steps, for work that is not counted otherwise, such as changing the case of long texts
 */
public record RenderLimits(
        long maxSteps,
        long maxOutputCharacters,
        long maxBuiltCharacters,
        long maxLoopIterations,
        int maxDepth,
        Duration maxTime) {

    /** Far beyond what any conversation needs: a second and some 100 MiB at worst. */
    public static final RenderLimits DEFAULT =
            new RenderLimits(1_000_000, 16 << 20, 64 << 20, 100_000, 100, Duration.ofSeconds(1));
}
