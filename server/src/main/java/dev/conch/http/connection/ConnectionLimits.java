package dev.conch.http.connection;

import java.time.Duration;

/**
 * What one connection may cost.
 *
 * @param headerTimeout longest time from the first byte of a request's head to its last
 * @param bodyTimeout each time this is over, a body must be whole or have come at {@link #MIN_BODY_BYTES_PER_SECOND} from its beginning
 * @param idleTimeout how long a connection without a request is kept
 * @param maxConnections connections at once; one more is closed at once
 * @param maxBodyBytes largest body, as sent and as decoded
 */
public record ConnectionLimits(
        Duration headerTimeout, Duration bodyTimeout, Duration idleTimeout, int maxConnections, int maxBodyBytes) {
    /** Slower than any line that somebody uses on purpose. */
    public static final int MIN_BODY_BYTES_PER_SECOND = 1024;
    /** Longest method, target and version of a request together, less the few bytes that are not its target. */
    public static final int MAX_TARGET_BYTES = 8 << 10;
    /** All header fields of a request together. */
    public static final int MAX_HEADER_BYTES = 16 << 10;
    /** Header fields of a request. */
    public static final int MAX_HEADERS = 100;
}
