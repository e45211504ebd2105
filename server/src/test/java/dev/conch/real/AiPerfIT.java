package dev.conch.real;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Batching;
import dev.conch.sim.script.Pace;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NVIDIA's AIPerf takes Conch for a server like any other, and counts what the engine counts. */
class AiPerfIT {
    private static final int REQUESTS = 20;
    private static final int TOKENS = 24;
    private static final Pace PACE =
            Pace.batches(new Batching(Duration.ofMillis(4), Duration.ofNanos(50_000), Duration.ofNanos(20_000), 256));

    @Test
    void countsWhatTheEngineCounts(@TempDir Path folder) throws IOException {
        try (var triton = SimulatedTriton.builder().tcp(0).pace(PACE).start();
                var conch = new RealConch(triton.port(), Map.of())) {
            Program.run(Map.of("HF_ENDPOINT", "http://127.0.0.1:9"), command(conch, folder));
            JsonNode report = requireNonNull(JsonMapper.createDefault()
                    .readValue(
                            Files.readString(folder.resolve("profile_export_aiperf.json")),
                            Argument.of(JsonNode.class)));
            assertThat(total(report, "request_count")).isEqualTo(REQUESTS);
            assertThat(requireNonNull(report.get("error_summary")).size()).isZero();
            assertThat(total(report, "total_output_tokens")).isEqualTo(REQUESTS * TOKENS);
            assertThat(total(report, "total_isl")).isEqualTo(promptTokens(triton));
            assertThat(triton.counts().completed()).isEqualTo(REQUESTS);
            assertThat(count(report, "time_to_first_token")).isEqualTo(REQUESTS);
            assertThat(count(report, "inter_token_latency")).isEqualTo(REQUESTS);
            assertThat(Files.readString(folder.resolve("logs/aiperf.log"))).doesNotContain(" - ERROR - ");
        }
    }

    private static List<String> command(RealConch conch, Path folder) {
        return List.of(
                ".conch/aiperf/bin/aiperf",
                "profile",
                "--model",
                RealConch.MODEL,
                "--url",
                conch.baseUrl().replace("/v1", ""),
                "--api-key",
                RealConch.API_KEY,
                "--endpoint-type",
                "chat",
                "--streaming",
                "--use-server-token-count",
                "--concurrency",
                "4",
                "--request-count",
                Integer.toString(REQUESTS),
                "--prompt-input-tokens-mean",
                "100",
                "--prompt-input-tokens-stddev",
                "20",
                "--prompt-output-tokens-mean",
                Integer.toString(TOKENS),
                "--tokenizer",
                Program.ROOT.resolve("models").resolve(RealConch.MODEL).toString(),
                "--random-seed",
                "7",
                "--ui",
                "none",
                "--workers-max",
                "2",
                "--no-gpu-telemetry",
                "--no-server-metrics",
                "--output-artifact-dir",
                folder.toString());
    }

    private static int promptTokens(SimulatedTriton triton) {
        return triton.requests().stream()
                .mapToInt(request -> request.tensor("input_lengths").asInt())
                .sum();
    }

    private static int total(JsonNode report, String metric) {
        return member(report, metric, "avg");
    }

    private static int count(JsonNode report, String metric) {
        return member(report, metric, "count");
    }

    private static int member(JsonNode report, String metric, String name) {
        return requireNonNull(requireNonNull(report.get(metric), metric).get(name), metric)
                .getIntValue();
    }
}
