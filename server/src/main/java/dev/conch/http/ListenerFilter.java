package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.connection.ConnectionCustomizer;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.util.Optional;
import java.util.regex.Pattern;

/** Two doors, one router: what belongs behind the operator's door is not there at the public one, and the other way round. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ListenerFilter {
    /** All that begins like this is the operator's, whether or not there is a route for it: a 405 would tell of it. */
    private static final Pattern MANAGEMENT = Pattern.compile("/+(?:metrics|models)(?:/.*)?");

    /** Whether the request came in by the operator's door. */
    static boolean isManagement(HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                && ConnectionCustomizer.isManagement(
                        netty.getChannelHandlerContext().channel());
    }

    @RequestFilter
    @Order(FilterOrder.LISTENER)
    void check(HttpRequest<?> request) {
        boolean belongs = isManagement(request) ? isOperators(request) || isProbe(request) : !isOperators(request);
        if (!belongs) {
            throw new GenerationException(ErrorCode.UNKNOWN_URL, "There is nothing at this path.");
        }
        if (isManagement(request) && !isProbe(request) && request.getHeaders().contains(HttpHeaders.ORIGIN)) {
            refusePage();
        }
    }

    /** A browser next to the operator's door would load and unload models on behalf of any page. 400, for the path is not what is wrong. */
    private static void refusePage() {
        throw new GenerationException(
                ErrorCode.BAD_REQUEST, "This port takes no requests of web pages (expected: no 'Origin' header).");
    }

    private static boolean isOperators(HttpRequest<?> request) {
        return MANAGEMENT.matcher(request.getPath()).matches() || isFor(ManagementController.class, request);
    }

    private static boolean isProbe(HttpRequest<?> request) {
        return isFor(HealthController.class, request);
    }

    private static boolean isFor(Class<?> controller, HttpRequest<?> request) {
        Optional<RouteInfo<?>> route = RouteAttributes.getRouteInfo(request);
        return route.isPresent() && controller.equals(route.get().getDeclaringType());
    }
}
