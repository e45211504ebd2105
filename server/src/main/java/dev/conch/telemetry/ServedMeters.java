package dev.conch.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The figures of one model and operation. Found once, so that counting a token looks nothing up. Thread-safe. */
final class ServedMeters {
    private static final Duration[] INTER_TOKEN = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(15),
        Duration.ofMillis(20),
        Duration.ofMillis(30),
        Duration.ofMillis(50),
        Duration.ofMillis(75),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500)
    };

    private final MeterRegistry registry;
    private final GenAiMeters genAi;
    private final Served served;
    private final Tags labels;

    private final Timer timeToFirstToken;
    private final Timer timePerOutputToken;
    private final Timer interToken;
    private final DistributionSummary inputTokens;
    private final DistributionSummary outputTokens;
    private final Counter prompt;
    private final Counter cached;
    private final Counter generated;

    ServedMeters(MeterRegistry registry, Served served) {
        this.registry = registry;
        this.genAi = new GenAiMeters(registry);
        this.served = served;
        this.labels = Tags.of("model", served.model(), "operation", served.operation());
        timeToFirstToken = genAi.timeToFirstToken(served);
        timePerOutputToken = genAi.timePerOutputToken(served);
        interToken = Timer.builder("inference.inter.token")
                .description("Time from one piece of news of the engine to the next, for each token of the later one")
                .tags(labels)
                .serviceLevelObjectives(INTER_TOKEN)
                .register(registry);
        inputTokens = genAi.inputTokens(served);
        outputTokens = genAi.outputTokens(served);
        prompt = counter("inference.prompt.tokens", "Tokens of prompts that went to the engine");
        cached = counter("inference.cached.tokens", "Tokens of prompts that the engine did not have to compute");
        generated = counter("inference.generated.tokens", "Tokens that the engine generated, seen by a client or not");
    }

    private Counter counter(String name, String meaning) {
        return Counter.builder(name).description(meaning).tags(labels).register(registry);
    }

    void prompt(int tokens) {
        prompt.increment(tokens);
    }

    void cached(int tokens) {
        cached.increment(tokens);
    }

    void generated(int tokens) {
        generated.increment(tokens);
    }

    void firstToken(long nanos) {
        timeToFirstToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    void nextToken(long nanos) {
        interToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    void perOutputToken(long nanos) {
        timePerOutputToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    void ended(String outcome, long nanos, boolean stream) {
        genAi.requestDuration(served, outcome).record(nanos, TimeUnit.NANOSECONDS);
        Counter.builder("inference.requests")
                .description("Requests that were let in, by how they ended")
                .tags(labels.and("stream", Boolean.toString(stream), "outcome", outcome))
                .register(registry)
                .increment();
    }

    void usage(int promptTokens, int generatedTokens) {
        inputTokens.record(promptTokens);
        outputTokens.record(generatedTokens);
    }
}
