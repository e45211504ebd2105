package dev.conch.response;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How streams are kept alive and padded.
 *
 * @param keepAliveInterval longest silence before a comment is sent, at least 4 ms
 * @param random gives whoever asks a generator that its thread may use
 */
public record StreamSettings(Duration keepAliveInterval, Supplier<RandomGenerator> random) {}
