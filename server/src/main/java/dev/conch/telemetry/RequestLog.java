package dev.conch.telemetry;

import java.io.StringWriter;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * One line of JSON for each exchange: who, what it cost and how it ended, and never what was said. All that stands in it this server made
 * up or checked itself, but for the request id. Thread-safe.
 */
final class RequestLog {
    private static final Logger REQUESTS = LoggerFactory.getLogger("dev.conch.requests");
    private static final double NANOS_PER_MICRO = 1e3;

    /** With everything but ASCII escaped nothing can make one line look like two, wherever it is shown. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final InstantSource clock;

    RequestLog(InstantSource clock) {
        this.clock = clock;
    }

    void write(Exchange exchange, String route, String outcome, long nanos) {
        if (REQUESTS.isInfoEnabled()) {
            REQUESTS.info(line(exchange, route, outcome, nanos));
        }
    }

    private String line(Exchange exchange, String route, String outcome, long nanos) {
        var text = new StringWriter(512);
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("time", clock.instant().toString());
            json.writeStringProperty("request_id", exchange.requestId());
            json.writeStringProperty("trace_id", exchange.trace().traceId());
            json.writeStringProperty("span_id", exchange.trace().spanId());
            if (exchange.keyId() != null) {
                json.writeStringProperty("key_id", exchange.keyId());
            }
            json.writeStringProperty("method", exchange.method());
            json.writeStringProperty("route", route);
            json.writeNumberProperty("status", exchange.status());
            json.writeStringProperty("outcome", outcome);
            json.writeNumberProperty("duration_ms", millis(nanos));
            if (exchange.request() != null) {
                write(exchange.request(), json);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(WatchedRequest request, JsonGenerator json) {
        json.writeStringProperty("answer_id", request.facts().answerId());
        json.writeStringProperty("operation", request.facts().operation());
        json.writeStringProperty("model", request.model());
        json.writeBooleanProperty("stream", request.facts().stream());
        json.writeNumberProperty("prompt_tokens", request.promptTokens());
        json.writeNumberProperty("cached_tokens", request.cachedTokens());
        json.writeNumberProperty("generated_tokens", request.generatedTokens());
        if (request.timeToFirstToken() >= 0) {
            json.writeNumberProperty("ttft_ms", millis(request.timeToFirstToken()));
        }
    }

    /** To the microsecond. */
    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MICRO) / NANOS_PER_MICRO;
    }
}
