package dev.conch.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of the allowed origins read answers of the public door. Micronaut's own filter is not used: it refuses with a bare 403 what a server need not
 * refuse (the browser does), and it runs too late to answer the browser's preliminary question, which comes without a key, ahead of the
 * question for one.
 */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class CorsFilter {
    private static final String METHODS = "GET, HEAD, POST, OPTIONS";
    /** Headers of answers that scripts may see; a few are visible to them anyway. */
    private static final String EXPOSED = String.join(
            ", ",
            RequestIdFilter.HEADER,
            ProcessingTimeFilter.HEADER,
            "retry-after",
            "retry-after-ms",
            "x-should-retry",
            "x-conch-ignored-parameters");

    private static final String MAX_AGE_SECONDS = "3600";

    private final CorsPolicy policy;

    CorsFilter(CorsPolicy policy) {
        this.policy = policy;
    }

    /** Answers what a browser asks before it sends a request on behalf of a page. */
    @RequestFilter
    @Order(FilterOrder.CORS_PREFLIGHT)
    @Nullable HttpResponse<?> preflight(HttpRequest<?> request) {
        HttpHeaders headers = request.getHeaders();
        if (ListenerFilter.isManagement(request)
                || request.getMethod() != HttpMethod.OPTIONS
                || !headers.contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD)
                || !policy.allows(headers.get(HttpHeaders.ORIGIN))) {
            return null;
        }
        MutableHttpResponse<?> response = HttpResponse.noContent()
                .header(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .header(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
        String wanted = headers.get(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        if (wanted != null) {
            response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, wanted);
        }
        return response;
    }

    /** Outside of the other, whose answers are none of its own business. */
    @ResponseFilter
    @Order(FilterOrder.CORS_ANSWER)
    void allow(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (ListenerFilter.isManagement(request)) {
            return;
        }
        String origin = request.getHeaders().get(HttpHeaders.ORIGIN);
        if (!policy.allowedOrigins().isEmpty()) {
            response.header(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
        if (origin != null && policy.allows(origin)) {
            response.header(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                    .header(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }
}
