package dev.conch.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Set;

/** Asks for a key before anything of the body is read, on every path but the two probes, known or not, at both doors. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ApiKeyFilter {
    private static final Set<String> OPEN_PATHS = Set.of(HealthController.LIVE, HealthController.READY);

    private final ApiKeys keys;

    ApiKeyFilter(ApiKeys keys) {
        this.keys = keys;
    }

    @RequestFilter
    @Order(FilterOrder.API_KEY)
    void check(HttpRequest<?> request) {
        if (!OPEN_PATHS.contains(request.getPath())) {
            String keyId = keys.check(request.getHeaders().get(HttpHeaders.AUTHORIZATION));
            if (keyId != null) {
                HttpConnection.of(request).exchange().caller(keyId);
            }
        }
    }
}
