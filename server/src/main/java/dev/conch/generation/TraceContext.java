package dev.conch.generation;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands in a distributed trace, as W3C Trace Context names it. The span is this server's own; what it calls is told of
 * it as its parent.
 *
 * @param traceId 32 lower-case hexadecimal digits, not all zero
 * @param spanId 16 lower-case hexadecimal digits, not all zero
 * @param flags bit 0: sampled by whoever began the trace; bit 1: the trace id is random
 * @param state the {@code tracestate} that came along, passed on as it is; null if there was none
 */
public record TraceContext(
        String traceId, String spanId, int flags, @Nullable String state) {
    private static final HexFormat HEX = HexFormat.of();

    /** The header {@code traceparent}, version 00. */
    public String parent() {
        return "00-" + traceId + "-" + spanId + "-" + HEX.toHexDigits((byte) flags);
    }
}
