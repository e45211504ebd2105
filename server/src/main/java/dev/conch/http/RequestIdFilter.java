package dev.conch.http;

import dev.conch.pipeline.IdSource;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.regex.Pattern;

/**
 * Names every exchange, in its answer and in the log, so that a user's report can be found again: SDKs show this as the request id. A
 * client that names its requests itself ({@code x-request-id}) is followed.
 * Outermost, so that what the inner filters refuse is named too.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class RequestIdFilter {
    static final String HEADER = "x-request-id";

    /** What a client may call its request: nothing that could be mistaken for something else in a log. */
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private static final String ATTRIBUTE = "conch.request-id";

    private static final String NONE = "-";

    private final IdSource ids;

    RequestIdFilter(IdSource ids) {
        this.ids = ids;
    }

    /** The name of this exchange; {@code -} for one that Micronaut refused before any filter saw it. */
    static String idOf(HttpRequest<?> request) {
        return request.getAttribute(ATTRIBUTE, String.class).orElse(NONE);
    }

    @RequestFilter
    @Order(FilterOrder.REQUEST_ID)
    void name(HttpRequest<?> request) {
        String given = request.getHeaders().get(HEADER);
        request.setAttribute(ATTRIBUTE, given != null && SANE.matcher(given).matches() ? given : newId(ids));
    }

    @ResponseFilter
    @Order(FilterOrder.REQUEST_ID)
    void tell(HttpRequest<?> request, MutableHttpResponse<?> response) {
        String id = idOf(request);
        response.getHeaders().set(HEADER, id.equals(NONE) ? newId(ids) : id);
    }

    /** A name for an exchange that has none. */
    static String newId(IdSource ids) {
        return "req_" + ids.next();
    }
}
