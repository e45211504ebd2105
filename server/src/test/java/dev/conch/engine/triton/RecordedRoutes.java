package dev.conch.engine.triton;

import java.util.EnumMap;
import java.util.Map;

/** Counts what a {@link RouteWatch} is told. Thread-safe. */
final class RecordedRoutes implements RouteWatch {
    private final Map<Way, Integer> requests = new EnumMap<>(Way.class);
    private final Map<Reason, Integer> closed = new EnumMap<>(Reason.class);
    private int opened;
    private int renewed;
    private int steps;
    private int generations;
    private int cuts;

    @Override
    public synchronized void onRequest(Way way) {
        requests.merge(way, 1, Integer::sum);
    }

    @Override
    public synchronized void onOpened() {
        opened++;
    }

    @Override
    public synchronized void onClosed(Reason reason) {
        closed.merge(reason, 1, Integer::sum);
    }

    @Override
    public synchronized void onRenewed() {
        renewed++;
    }

    @Override
    public synchronized void onStep() {
        steps++;
    }

    @Override
    public synchronized void onGenerations(int change) {
        generations += change;
    }

    @Override
    public synchronized void onCut() {
        cuts++;
    }

    synchronized Map<Way, Integer> requests() {
        return Map.copyOf(requests);
    }

    synchronized Map<Reason, Integer> closed() {
        return Map.copyOf(closed);
    }

    synchronized int opened() {
        return opened;
    }

    synchronized int renewed() {
        return renewed;
    }

    synchronized int steps() {
        return steps;
    }

    synchronized int generations() {
        return generations;
    }

    synchronized int cuts() {
        return cuts;
    }
}
