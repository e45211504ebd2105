package dev.conch.telemetry;

import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A figure for each of several things upstream, 1 while it is up and 0 while it is not, as the last question found it. Thread-safe. */
public final class UpstreamWatch {
    private final Figures figures;
    private final String name;
    private final String meaning;
    private final String label;
    private final Supplier<CompletionStage<Map<String, Boolean>>> question;
    private final Map<String, Boolean> states = new ConcurrentHashMap<>();

    /**
     * @param label what its keys are called
     * @param question which are up; never fails, and answers within some seconds
     */
    public UpstreamWatch(
            Figures figures,
            String name,
            String meaning,
            String label,
            Supplier<CompletionStage<Map<String, Boolean>>> question) {
        this.figures = figures;
        this.name = name;
        this.meaning = meaning;
        this.label = label;
        this.question = question;
    }

    /** Asks, and waits for nothing. */
    public void ask() {
        var _ = question.get().thenAccept(answer -> answer.forEach(this::found));
    }

    private void found(String what, boolean up) {
        if (states.put(what, up) == null) {
            figures.gauge(name, meaning, Tags.of(label, what), () -> states.getOrDefault(what, false) ? 1 : 0);
        }
    }
}
