package dev.conch.sim.engine;

/**
 * What has happened so far, at one instant. Immutable.
 *
 * @param requests that arrived, whatever became of them
 * @param refused by the core or by the engine, before they were alive
 * @param live accepted and not over: waiting, in prefill, decoding or hanging
 * @param peakLive the highest value of {@code live}
 * @param completed got their final response
 * @param failed by a fault of the script
 * @param cancelled by their client: call cancelled, connection lost, deadline passed or {@code stop} sent
 */
public record Counts(
        long requests, long refused, long live, long peakLive, long completed, long failed, long cancelled) {}
