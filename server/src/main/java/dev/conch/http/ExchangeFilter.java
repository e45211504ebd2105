package dev.conch.http;

import dev.conch.generation.TraceContext;
import dev.conch.openai.ErrorResponse;
import dev.conch.telemetry.Exchange;
import dev.conch.telemetry.Exchanges;
import dev.conch.telemetry.TraceSource;
import io.micronaut.core.annotation.Order;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import org.jspecify.annotations.Nullable;

/** Has every exchange watched, whatever becomes of it. Inside of the filter that names it, outside of all that refuse. */
@ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
final class ExchangeFilter {
    private final Exchanges exchanges;
    private final TraceSource traces;

    ExchangeFilter(Exchanges exchanges, TraceSource traces) {
        this.exchanges = exchanges;
        this.traces = traces;
    }

    @RequestFilter
    @Order(FilterOrder.EXCHANGE)
    void begin(HttpRequest<?> request) {
        Exchange exchange = open(request);
        BasicHttpAttributes.getUriTemplate(request).ifPresent(exchange::routed);
        HttpConnection.begin((NettyHttpRequest<?>) request, exchange);
    }

    private Exchange open(HttpRequest<?> request) {
        TraceContext trace = traces.of(
                request.getHeaders().getAll("traceparent"), request.getHeaders().getAll("tracestate"));
        return exchanges.open(RequestIdFilter.idOf(request), trace, request.getMethodName());
    }

    @ResponseFilter
    @Order(FilterOrder.EXCHANGE)
    void answered(HttpRequest<?> request, HttpResponse<?> response) {
        HttpConnection.find(request)
                .ifPresentOrElse(
                        connection -> tell(connection.exchange(), request, response),
                        () -> recordAtOnce(request, response));
    }

    /** Micronaut refused it before any filter saw it: there is nothing to wait for. */
    private void recordAtOnce(HttpRequest<?> request, HttpResponse<?> response) {
        Exchange exchange = open(request);
        tell(exchange, request, response);
        exchange.end();
    }

    private static void tell(Exchange exchange, HttpRequest<?> request, HttpResponse<?> response) {
        BasicHttpAttributes.getUriTemplate(request).ifPresent(exchange::routed);
        exchange.answered(response.code(), errorCode(response));
    }

    private static @Nullable String errorCode(HttpResponse<?> response) {
        return response.body() instanceof ErrorResponse failure
                ? failure.error().code()
                : null;
    }
}
