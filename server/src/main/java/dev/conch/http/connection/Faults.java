package dev.conch.http.connection;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/** What a connection was given up for: remembered on the channel until the answer that says so is written. */
public final class Faults {
    private static final AttributeKey<GenerationException> KEY = AttributeKey.valueOf(Faults.class, "fault");

    private Faults() {}

    /** Why this connection takes no more requests; null if it does. */
    public static @Nullable GenerationException of(Channel channel) {
        return channel.attr(KEY).get();
    }

    static void set(Channel channel, GenerationException fault) {
        channel.attr(KEY).set(fault);
    }

    /** The request's bytes can be read in more than one way, or in none. */
    static GenerationException malformed(String what) {
        return new GenerationException(ErrorCode.BAD_REQUEST, "The request is not well-formed HTTP/1.1: " + what + ".");
    }

    /** {@code URI_TOO_LONG}. */
    public static GenerationException targetTooLong() {
        return new GenerationException(
                ErrorCode.URI_TOO_LONG,
                "The request's URL is too long (expected: at most " + ConnectionLimits.MAX_TARGET_BYTES + " bytes).");
    }

    /** {@code HEADERS_TOO_LARGE}. */
    public static GenerationException headersTooLarge() {
        return new GenerationException(
                ErrorCode.HEADERS_TOO_LARGE,
                "The request's headers are too large (expected: at most %d, of %d bytes together)."
                        .formatted(ConnectionLimits.MAX_HEADERS, ConnectionLimits.MAX_HEADER_BYTES));
    }

    static GenerationException headTooSlow() {
        return new GenerationException(ErrorCode.REQUEST_TIMEOUT, "The request's headers came too slowly.");
    }
}
