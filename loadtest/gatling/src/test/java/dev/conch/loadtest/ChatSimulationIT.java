package dev.conch.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.engine.EngineStatistics;
import dev.conch.sim.engine.KvCacheSize;
import dev.conch.sim.script.Batching;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of Conch is what the simulated engine did: the counts exactly. Times are nobody's promise here. */
class ChatSimulationIT {
    private static final Pace PACE =
            Pace.batches(new Batching(Duration.ofMillis(3), Duration.ofNanos(50_000), Duration.ofNanos(20_000), 256));
    private static final KvCacheSize CACHE = KvCacheSize.ofBlocks(4_096, 8).withReuse();
    private static final Map<String, String> SETTINGS = Map.of(
            "profile", "smoke",
            "rate", "5",
            "seconds", "2",
            "seed", "3",
            "slo-ttft-ms", "60000",
            "slo-itl-ms", "60000",
            "slo-goodput", "1");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private SimulatedTriton triton(Function<ReceivedRequest, Reply> replies) {
        return SimulatedTriton.builder()
                .tcp(0)
                .pace(PACE)
                .limits(EngineLimits.roomy().withSlots(8, 100).withKvCache(CACHE))
                .reply(replies)
                .start();
    }

    @Test
    void countsAreThoseOfTheEngine() throws Exception {
        try (SimulatedTriton triton = triton(_ -> Reply.generated());
                StartedConch conch = new StartedConch(triton.port(), file("conch.log"))) {
            assertThat(run(conch)).as(() -> read("gatling.log")).isZero();
            // The first request is the warm-up, which nobody counts.
            List<ReceivedRequest> requests =
                    triton.requests().subList(1, triton.requests().size());
            assertThat(triton.counts().completed()).isEqualTo(11);
            assertThat(summary("requests", "(\\d+) sent")).isEqualTo(10);
            assertThat(summary("requests", "(\\d+) complete")).isEqualTo(10);
            assertThat(summary("prompt tokens", "(\\d+),")).isEqualTo(sum(requests, "input_lengths"));
            assertThat(summary("output tokens", "(\\d+) in"))
                    .isEqualTo(sum(requests, "request_output_len"))
                    .isEqualTo(plannedTokens());
            EngineStatistics statistics = triton.statistics();
            assertThat(summary("prompt tokens", "cached (\\d+)"))
                    .isPositive()
                    .isEqualTo((int) statistics.kvReused() * statistics.tokensPerBlock());
            assertThat(read("summary.txt")).contains("100.0 % of all requests");
        }
    }

    @Test
    void whatGoesWrongIsCounted() throws Exception {
        AtomicInteger count = new AtomicInteger();
        Reply broken = Reply.generated().with(Fault.errorAfter(1, "simulated"));
        Reply refused = Reply.generated().with(Fault.errorAfter(0, "simulated"));
        List<Reply> replies = List.of(Reply.generated(), broken, refused);
        try (SimulatedTriton triton = triton(_ -> replies.get(count.getAndIncrement() % 3));
                StartedConch conch = new StartedConch(triton.port(), file("conch.log"))) {
            assertThat(run(conch)).as(() -> read("gatling.log")).isNotZero();
            assertThat(summary("requests", "(\\d+) sent")).isEqualTo(10);
            assertThat(summary("requests", "(\\d+) complete")).isEqualTo(3);
            assertThat(summary("  error event", "(\\d+)")).isEqualTo(4);
            assertThat(summary("  not begun", "(\\d+)")).isEqualTo(3);
        }
    }

    private static int plannedTokens() {
        LoadSettings settings = LoadSettings.of(name -> Optional.ofNullable(SETTINGS.get(name)));
        var requests = ChatRequest.sequence(settings);
        int tokens = 0;
        for (int i = 0; i < 10; i++) {
            tokens += requests.next().maxTokens();
        }
        return tokens;
    }

    private static int sum(List<ReceivedRequest> requests, String tensor) {
        return requests.stream()
                .mapToInt(request -> request.tensor(tensor).asInt())
                .sum();
    }

    /** Gatling as its Maven plugin starts it; returns its exit status. */
    private int run(StartedConch conch) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                Objects.requireNonNull(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))),
                "-Durl=" + conch.url(),
                "-Dsummary-file=" + file("summary.txt")));
        SETTINGS.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(
                "io.gatling.app.Gatling", "-s", ChatSimulation.class.getName(), "-nr", "-rf", folder.toString()));
        Process gatling = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file("gatling.log"))
                .start();
        if (!gatling.waitFor(2, TimeUnit.MINUTES)) {
            gatling.destroyForcibly();
            throw new AssertionError("still running after two minutes:\n" + read("gatling.log"));
        }
        return gatling.exitValue();
    }

    private int summary(String line, String figure) {
        Matcher matcher = Pattern.compile("^" + line + ":\\s+.*?\\b?" + figure, Pattern.MULTILINE)
                .matcher(read("summary.txt"));
        if (!matcher.find()) {
            throw new AssertionError(line + " in:\n" + read("summary.txt"));
        }
        return Integer.parseInt(Objects.requireNonNull(matcher.group(1)));
    }

    private File file(String name) {
        return folder.resolve(name).toFile();
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
