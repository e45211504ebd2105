package dev.conch.engine.triton;

import io.grpc.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The subscriptions of an engine: one for each event loop, replica and model, opened when it is first needed. Thread-safe; each of them
 * lives on its own loop.
 */
final class Subscriptions implements EngineRoute {
    private final SubscriptionSettings settings;
    private final TritonTimeouts timeouts;
    private final RouteWatch watch;
    private final Map<Key, Subscription> subscriptions = new ConcurrentHashMap<>();

    private record Key(Executor loop, Channel replica, String engineModel) {}

    Subscriptions(SubscriptionSettings settings, TritonTimeouts timeouts, RouteWatch watch) {
        this.settings = settings;
        this.timeouts = timeouts;
        this.watch = watch;
    }

    @Override
    public Exchange prepare(Attempt attempt) {
        watch.onRequest(RouteWatch.Way.SUBSCRIPTION);
        return new SubscribedExchange(attempt, this::find, timeouts);
    }

    private Subscription find(Attempt attempt) {
        var key = new Key(
                attempt.loop().eventLoop(), attempt.replica(), attempt.request().engineModel());
        return subscriptions.computeIfAbsent(
                key,
                _ -> new Subscription(
                        attempt, settings, timeouts, watch, retired -> subscriptions.remove(key, retired)));
    }

    /** How many there are. */
    int size() {
        return subscriptions.size();
    }
}
