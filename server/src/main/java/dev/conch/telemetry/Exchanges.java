package dev.conch.telemetry;

import dev.conch.generation.TraceContext;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Watches all exchanges. Thread-safe. */
public final class Exchanges {
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    /** What stands for a text of the client's: anybody can think up any number of them. */
    private static final String OTHER = "_OTHER";

    private final Figures figures;
    private final ServerMeters meters;
    private final Set<String> models;
    private final NanoClock clock;
    private final RequestLog log;
    private final Map<Served, ServedMeters> served = new ConcurrentHashMap<>();

    /**
     * @param models the names in the catalogue: no other is shown
     * @param wallClock for the lines of the log
     */
    public Exchanges(
            Figures figures, ServerMeters meters, Set<String> models, NanoClock clock, InstantSource wallClock) {
        this.figures = figures;
        this.meters = meters;
        this.models = Set.copyOf(models);
        this.clock = clock;
        this.log = new RequestLog(wallClock);
    }

    /**
     * The head of a request was read.
     *
     * @param requestId {@code x-request-id}
     */
    public Exchange open(String requestId, TraceContext trace, String method) {
        return new Exchange(this, requestId, trace, METHODS.contains(method) ? method : OTHER, clock.nanos());
    }

    ServerMeters meters() {
        return meters;
    }

    WatchedRequest begin(Telemetry.Facts facts, long arrived) {
        String model = models.contains(facts.model()) ? facts.model() : OTHER;
        ServedMeters to = served.computeIfAbsent(
                new Served(facts.operation(), model), key -> new ServedMeters(figures.registry(), key));
        return new WatchedRequest(facts, model, to, clock, arrived);
    }

    void record(Exchange exchange, String outcome) {
        long nanos = clock.nanos() - exchange.arrived();
        String route = exchange.route() == null ? OTHER : exchange.route();
        meters.answered(exchange.method(), route, exchange.status(), nanos);
        if (!outcome.equals(Exchange.COMPLETE) && !outcome.equals(Exchange.CANCELLED)) {
            meters.error(outcome);
        }
        if (exchange.cutShort(outcome)) {
            meters.cutShort(outcome);
        }
        log.write(exchange, route, outcome, nanos);
    }
}
