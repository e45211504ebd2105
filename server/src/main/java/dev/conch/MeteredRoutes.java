package dev.conch;

import dev.conch.engine.triton.RouteWatch;
import dev.conch.telemetry.EngineMeters;
import dev.conch.telemetry.Figures;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Puts what happens on the way to Triton into the figures. */
record MeteredRoutes(EngineMeters meters) implements RouteWatch {

    /** Figures that know all ways and reasons there are. */
    static EngineMeters meters(Figures figures) {
        return new EngineMeters(figures, labels(Way.values()), labels(Reason.values()));
    }

    @Override
    public void onRequest(Way way) {
        meters.request(label(way));
    }

    @Override
    public void onOpened() {
        meters.subscriptionOpened();
    }

    @Override
    public void onClosed(Reason reason) {
        meters.subscriptionClosed(label(reason));
    }

    @Override
    public void onRenewed() {
        meters.subscriptionRenewed();
    }

    @Override
    public void onStep() {
        meters.step();
    }

    @Override
    public void onGenerations(int change) {
        meters.generations(change);
    }

    @Override
    public void onCut() {
        meters.generationCut();
    }

    private static List<String> labels(Enum<?>[] words) {
        return Arrays.stream(words).map(MeteredRoutes::label).toList();
    }

    private static String label(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
