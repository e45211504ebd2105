package dev.conch.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.time.Clock;

/** Tells how long the server took until its answer began, in milliseconds, as OpenAI does. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ProcessingTimeFilter {
    static final String HEADER = "openai-processing-ms";

    private static final String ATTRIBUTE = "conch.began";

    private final Clock clock;

    ProcessingTimeFilter(Clock clock) {
        this.clock = clock;
    }

    @RequestFilter
    @Order(FilterOrder.PROCESSING_TIME)
    void begin(HttpRequest<?> request) {
        request.setAttribute(ATTRIBUTE, clock.millis());
    }

    @ResponseFilter
    @Order(FilterOrder.PROCESSING_TIME)
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
        long now = clock.millis();
        long began = request.getAttribute(ATTRIBUTE, Long.class).orElse(now);
        response.header(HEADER, Long.toString(Math.max(0, now - began)));
    }
}
