package dev.conch.sim.engine;

import io.grpc.Status;

/**
 * Where responses go: one stream call, which may carry several requests. Called on the engine's thread only, but for
 * {@link #started} and {@link #ended}.
 */
public interface ResponseSink {
    /** A request on this call is alive from here on; comes from the thread that submitted it. */
    void started(Generation generation);

    /** A request on this call is over; comes from any thread. */
    void ended(Generation generation);

    /** Sends one encoded response. */
    void send(byte[] response);

    /** Ends the whole call; requests on it that are still alive fail. */
    void close(Status status);
}
