package dev.conch.engine.triton;

import java.time.Duration;

/**
 * How long Triton may keep silent. All positive.
 *
 * @param firstToken from the start of a generation to its first token, time in Triton's queue included
 * @param streamIdle between two messages of a generation that has begun to answer
 * @param singleAnswer from the start of a generation that does not stream to its answer
 * @param question until Triton answers what it serves, or whether it is ready
 */
public record TritonTimeouts(Duration firstToken, Duration streamIdle, Duration singleAnswer, Duration question) {

    public static final TritonTimeouts DEFAULT = new TritonTimeouts(
            Duration.ofSeconds(120), Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5));

    public TritonTimeouts {
        requirePositive("firstToken", firstToken);
        requirePositive("streamIdle", streamIdle);
        requirePositive("singleAnswer", singleAnswer);
        requirePositive("question", question);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: more than 0)");
        }
    }
}
