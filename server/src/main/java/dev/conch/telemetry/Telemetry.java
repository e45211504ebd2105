package dev.conch.telemetry;

/** Watches requests. Thread-safe. */
public interface Telemetry {

    /** Sees nothing. */
    Telemetry NONE = _ -> RequestWatch.NONE;

    /** A request was let in. */
    RequestWatch begin(Facts facts);

    /**
     * What is known of a request when it is let in.
     *
     * @param requestId {@code x-request-id}
     * @param answerId the {@code id} of the answer
     * @param operation {@code chat} or {@code text_completion}, as OpenTelemetry calls them
     * @param model as the client named it
     * @param stream whether the answer is streamed
     */
    record Facts(String requestId, String answerId, String operation, String model, boolean stream) {}
}
