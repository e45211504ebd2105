package dev.conch.telemetry;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;

/**
 * The figures that OpenTelemetry's semantic conventions for generative AI name, with the attributes and the bucket boundaries that they
 * advise (version 1.37 of the conventions, status Development). Those names still change: they stand here and nowhere else. Prometheus
 * sees dots as underscores, and an empty attribute as none. Thread-safe.
 */
final class GenAiMeters {
    private static final String PROVIDER = "conch";
    private static final String SUCCESS = "";

    private static final Duration[] REQUEST_SECONDS =
            seconds(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static final Duration[] FIRST_TOKEN_SECONDS =
            seconds(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    private static final Duration[] PER_TOKEN_SECONDS =
            seconds(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864
    };

    private final MeterRegistry registry;

    GenAiMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param outcome {@code complete}, or what becomes the attribute {@code error.type} */
    Timer requestDuration(Served served, String outcome) {
        return Timer.builder("gen_ai.server.request.duration")
                .description("From the request's arrival to the last token or the failure")
                .tags(attributes(served).and("error.type", outcome.equals(Exchange.COMPLETE) ? SUCCESS : outcome))
                .serviceLevelObjectives(REQUEST_SECONDS)
                .register(registry);
    }

    Timer timeToFirstToken(Served served) {
        return Timer.builder("gen_ai.server.time_to_first_token")
                .description("From the request's arrival to its first token, of streamed answers")
                .tags(attributes(served))
                .serviceLevelObjectives(FIRST_TOKEN_SECONDS)
                .register(registry);
    }

    Timer timePerOutputToken(Served served) {
        return Timer.builder("gen_ai.server.time_per_output_token")
                .description("Mean time between tokens after the first, one for each streamed answer that is complete")
                .tags(attributes(served))
                .serviceLevelObjectives(PER_TOKEN_SECONDS)
                .register(registry);
    }

    DistributionSummary inputTokens(Served served) {
        return tokenUsage(served, "input");
    }

    DistributionSummary outputTokens(Served served) {
        return tokenUsage(served, "output");
    }

    private DistributionSummary tokenUsage(Served served, String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Tokens of one request")
                .tags(attributes(served).and("gen_ai.token.type", type))
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }

    private static Tags attributes(Served served) {
        return Tags.of(
                "gen_ai.operation.name",
                served.operation(),
                "gen_ai.provider.name",
                PROVIDER,
                "gen_ai.request.model",
                served.model());
    }

    private static Duration[] seconds(double... boundaries) {
        return Arrays.stream(boundaries)
                .mapToObj(boundary -> Duration.ofNanos(Math.round(boundary * 1e9)))
                .toArray(Duration[]::new);
    }
}
