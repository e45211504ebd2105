package dev.conch.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** The figures about the way to the engine: by which one requests go, and its subscriptions (docs/adr/0008). Thread-safe. */
public final class EngineMeters {
    private final MeterRegistry registry;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder generations = new LongAdder();
    private final Map<String, Counter> requests;
    private final Map<String, Counter> closed;
    private final Counter opened;
    private final Counter renewed;
    private final Counter steps;
    private final Counter cuts;

    /**
     * Begins with 0 of everything: what is first told when it has happened once has never grown, to who looks at its growth.
     *
     * @param ways all by which requests may go
     * @param reasons all for which a subscription may end
     */
    public EngineMeters(Figures figures, Collection<String> ways, Collection<String> reasons) {
        registry = figures.registry();
        figures.gauge("inference.subscriptions", "Subscriptions that are open", Tags.empty(), open::get);
        figures.gauge(
                "inference.subscription.generations", "Generations on subscriptions", Tags.empty(), generations::sum);
        requests = counters("inference.engine.requests", "Requests that were sent to the engine", "way", ways);
        closed = counters("inference.subscriptions.closed", "Subscriptions that are over", "reason", reasons);
        opened = counter("inference.subscriptions.opened", "Subscriptions that were opened", Tags.empty());
        renewed = counter("inference.subscription.renewals", "Renewals of subscriptions", Tags.empty());
        steps = counter("inference.subscription.steps", "Steps of the engine that brought news", Tags.empty());
        cuts = counter(
                "inference.subscription.cuts", "Generations that the engine gave up, unable to send", Tags.empty());
    }

    private Counter counter(String name, String meaning, Tags labels) {
        return Counter.builder(name).description(meaning).tags(labels).register(registry);
    }

    private Map<String, Counter> counters(String name, String meaning, String label, Collection<String> values) {
        return values.stream()
                .collect(Collectors.toUnmodifiableMap(
                        value -> value, value -> counter(name, meaning, Tags.of(label, value))));
    }

    private static void increment(Map<String, Counter> counters, String value) {
        Counter counter = counters.get(value);
        if (counter == null) {
            throw new IllegalArgumentException(value + " (expected: one of " + counters.keySet() + ")");
        }
        counter.increment();
    }

    /** A request goes to the engine. */
    public void request(String way) {
        increment(requests, way);
    }

    /** A subscription is there. */
    public void subscriptionOpened() {
        open.incrementAndGet();
        opened.increment();
    }

    /** A subscription is over. */
    public void subscriptionClosed(String reason) {
        open.decrementAndGet();
        increment(closed, reason);
    }

    /** A subscription goes on over another request. */
    public void subscriptionRenewed() {
        renewed.increment();
    }

    /** A step was read. */
    public void step() {
        steps.increment();
    }

    /** So many more generations are on subscriptions now; fewer, if negative. */
    public void generations(int change) {
        generations.add(change);
    }

    /** The engine has given up a generation whose news it could not send. */
    public void generationCut() {
        cuts.increment();
    }
}
