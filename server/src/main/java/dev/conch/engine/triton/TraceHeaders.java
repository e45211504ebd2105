package dev.conch.engine.triton;

import dev.conch.generation.TraceContext;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** Tells Triton which trace a call belongs to, by the two headers of W3C Trace Context. */
final class TraceHeaders {
    static final Metadata.Key<String> PARENT = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> STATE = Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

    private TraceHeaders() {}

    /** Metadata of a call's own: gRPC adds to it. */
    static Metadata of(@Nullable TraceContext trace) {
        var headers = new Metadata();
        if (trace != null) {
            headers.put(PARENT, trace.parent());
            if (trace.state() != null) {
                headers.put(STATE, trace.state());
            }
        }
        return headers;
    }
}
