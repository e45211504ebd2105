package dev.conch.http;

import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import java.util.Set;

/** Turns new requests away while the server ends. The probes and the operator are answered to the last. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class DrainFilter {
    private static final Set<String> PROBES = Set.of(HealthController.LIVE, HealthController.READY);

    private final Drain drain;

    DrainFilter(Drain drain) {
        this.drain = drain;
    }

    @RequestFilter
    @Order(FilterOrder.DRAIN)
    void admit(HttpRequest<?> request) {
        if (!PROBES.contains(request.getPath()) && !ListenerFilter.isManagement(request)) {
            drain.admit(HttpConnection.of(request));
        }
    }
}
