package dev.conch.http;

import dev.conch.pipeline.IdSource;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Names every answer, so that a user's report can be found again: SDKs show this as the request id. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestIdFilter {
    static final String HEADER = "x-request-id";

    private final IdSource ids;

    RequestIdFilter(IdSource ids) {
        this.ids = ids;
    }

    /** Outermost, so that what the inner filters refuse is named too. */
    @ResponseFilter
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void name(MutableHttpResponse<?> response) {
        response.header(HEADER, "req_" + ids.next());
    }
}
