package dev.conch.http;

import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;

/** Answers that succeed. */
final class AnswerResponses {
    private AnswerResponses() {}

    static MutableHttpResponse<?> of(Object body, boolean stream) {
        return stream ? eventStream(body) : json(body);
    }

    static MutableHttpResponse<?> json(Object body) {
        return HttpResponse.ok(body).contentType(MediaType.APPLICATION_JSON_TYPE);
    }

    /** Proxies must neither keep nor gather the events. */
    private static MutableHttpResponse<?> eventStream(Object body) {
        return HttpResponse.ok(body)
                .contentType(MediaType.TEXT_EVENT_STREAM_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .header("X-Accel-Buffering", "no");
    }
}
