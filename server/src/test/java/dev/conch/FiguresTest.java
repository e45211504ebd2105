package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineCapabilities;
import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.RunningGeneration;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TraceContext;
import dev.conch.telemetry.EngineMeters;
import dev.conch.telemetry.Exchanges;
import dev.conch.telemetry.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of the whole server after some requests, and the page about them. */
class FiguresTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\w+) \\| [^|]+ \\|([^|]*)\\|");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)\\{([^}]*)}");
    private static final Pattern QUOTED = Pattern.compile("`([a-z_]+)`");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
    /** What the JVM and Netty are asked depends on the collector and the machine. */
    private static final Pattern OF_LIBRARIES = Pattern.compile("(jvm|process|system|netty)_\\w+");

    @TempDir
    Path folder;

    @Test
    void followTheRequests() throws IOException {
        var engine = new ScriptedEngine(say(300, 301), pause(), end(End.STOP, 302));
        try (RunningHouse house = open("max-concurrent-requests: 1", engine)) {
            HttpResponse<InputStream> answer = house.stream(chat(true));
            assertThat(house.bean(Figures.class).scrape().lines())
                    .contains("inference_inflight 1.0", "inference_limit 1.0", "inference_queue_depth 0.0");
            assertThat(house.chat(chat(false)).statusCode()).isEqualTo(503);
            engine.resume();
            answer.body().readAllBytes();
            assertThat(house.chat("{").statusCode()).isEqualTo(400);
            assertEventually(
                    house,
                    "inference_inflight 0.0",
                    "inference_shed_total{reason=\"queue_full\"} 1.0",
                    "inference_errors_total{code=\"overloaded\"} 1.0",
                    "inference_errors_total{code=\"invalid_json\"} 1.0",
                    "inference_requests_total{model=\"tiny\",operation=\"chat\",outcome=\"complete\",stream=\"true\"} 1.0",
                    "inference_prompt_tokens_total{model=\"tiny\",operation=\"chat\"} 14.0",
                    "inference_generated_tokens_total{model=\"tiny\",operation=\"chat\"} 3.0",
                    "gen_ai_server_time_to_first_token_seconds_count{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"conch\",gen_ai_request_model=\"tiny\"} 1",
                    "http_server_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"200\"} 1",
                    "http_server_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"400\"} 1",
                    "http_server_requests_seconds_count{method=\"POST\",route=\"/v1/chat/completions\",status=\"503\"} 1",
                    "inference_model_ready{model=\"tiny\"} 1.0");
        }
    }

    @Test
    void tellAbortsApart() throws IOException {
        var error = new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone");
        var engine = new ScriptedEngine(say(300), pause(), fail(error));
        try (RunningHouse house = open("", engine)) {
            HttpResponse<InputStream> left = house.stream(chat(true));
            left.body().close();
            eventually(() -> assertThat(engine.cancels()).isEqualTo(1));
            HttpResponse<InputStream> failed = house.stream(chat(true));
            engine.resume();
            failed.body().readAllBytes();
            assertEventually(
                    house,
                    "inference_stream_aborts_total{cause=\"cancelled\"} 1.0",
                    "inference_stream_aborts_total{cause=\"upstream_interrupted\"} 1.0",
                    "inference_errors_total{code=\"upstream_interrupted\"} 1.0");
        }
    }

    @Test
    void countThoseWhoWait() throws IOException {
        var engine = new ScriptedEngine(say(300), pause(), end(End.STOP));
        try (RunningHouse house = open("max-concurrent-requests: 1, max-queued-requests: 1", engine)) {
            HttpResponse<InputStream> inside = house.stream(chat(true));
            CompletableFuture<HttpResponse<String>> waiting =
                    CompletableFuture.supplyAsync(() -> house.chat(chat(true)));
            assertEventually(house, "inference_queue_depth 1.0");
            engine.resume();
            inside.body().readAllBytes();
            eventually(() -> assertThat(engine.requests()).hasSize(2));
            engine.resume();
            assertThat(waiting.join().statusCode()).isEqualTo(200);
            assertEventually(
                    house, "inference_queue_depth 0.0", "inference_queue_wait_seconds_count{end=\"admitted\"} 1");
        }
    }

    /** What is only told once it has happened has never grown, to who looks at its growth. */
    @Test
    void tellOfTheWayToTheEngineBeforeAnyRequest() {
        try (RunningHouse house = open("", new ScriptedEngine())) {
            assertThat(house.bean(Figures.class).scrape().lines())
                    .contains(
                            "inference_engine_requests_total{way=\"subscription\"} 0.0",
                            "inference_engine_requests_total{way=\"stream\"} 0.0",
                            "inference_subscriptions_closed_total{reason=\"idle\"} 0.0",
                            "inference_subscriptions_closed_total{reason=\"replaced\"} 0.0",
                            "inference_subscriptions_closed_total{reason=\"lost\"} 0.0");
            house.bean(EngineMeters.class).request("stream");
            house.bean(EngineMeters.class).subscriptionClosed("lost");
            assertThat(house.bean(Figures.class).scrape().lines())
                    .contains(
                            "inference_engine_requests_total{way=\"stream\"} 1.0",
                            "inference_subscriptions_closed_total{reason=\"lost\"} 1.0");
        }
    }

    /** Names, types and labels: nothing on the page that is not there, nothing there that is not on the page. */
    @Test
    void areOnThePage() throws IOException {
        String text = scrapeOfEverything();
        Set<String> documented = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        ROW.matcher(Files.readString(PAGE))
                .results()
                .map(row -> group(row, 1) + " " + group(row, 2) + " " + groups(QUOTED, group(row, 3)))
                .forEach(documented::add);
        FAMILY.matcher(text)
                .results()
                .filter(family -> !OF_LIBRARIES.matcher(group(family, 1)).matches())
                .map(family -> group(family, 1) + " " + group(family, 2) + " " + labelsOf(group(family, 1), text))
                .filter(family -> !family.contains("_max gauge"))
                .forEach(seen::add);
        assertThat(seen).hasSizeGreaterThan(20).isEqualTo(documented);
    }

    private static Set<String> labelsOf(String family, String text) {
        return SAMPLE.matcher(text)
                .results()
                .filter(sample -> group(sample, 1).matches(family + "(_count|_total)?"))
                .flatMap(sample -> groups(LABEL, group(sample, 2)).stream())
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> group(match, 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String group(MatchResult match, int group) {
        return requireNonNull(match.group(group));
    }

    /** Something of every kind has happened. */
    private String scrapeOfEverything() throws IOException {
        var error = new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone");
        var engine = new Replicated(new ScriptedEngine(say(300), pause(), say(301), fail(error)));
        try (RunningHouse house = open("max-concurrent-requests: 1, max-queued-requests: 1", engine)) {
            HttpResponse<InputStream> inside = house.stream(chat(true));
            CompletableFuture<HttpResponse<String>> waiting =
                    CompletableFuture.supplyAsync(() -> house.chat(chat(true)));
            assertEventually(house, "inference_queue_depth 1.0");
            assertThat(house.chat(chat(true)).statusCode()).isEqualTo(503);
            engine.scripted().resume();
            inside.body().readAllBytes();
            engine.scripted().resume();
            waiting.join();
            house.bean(Exchanges.class)
                    .open("r", new TraceContext("t", "s", 0, null), "GET")
                    .ignored(1);
            assertEventually(
                    house,
                    "inference_stream_aborts_total{cause=\"upstream_interrupted\"} 2.0",
                    "inference_upstream_up{replica=\"triton:8001\"} 1.0",
                    "inference_model_ready{model=\"tiny\"} 1.0");
            return house.bean(Figures.class).scrape();
        }
    }

    /** An engine that has a replica to tell of. */
    private record Replicated(ScriptedEngine scripted) implements InferenceEngine {
        @Override
        public RunningGeneration start(GenerationRequest request, EngineListener listener, Executor eventLoop) {
            return scripted.start(request, listener, eventLoop);
        }

        @Override
        public CompletionStage<Boolean> ready(String engineModel) {
            return scripted.ready(engineModel);
        }

        @Override
        public CompletionStage<EngineCapabilities> capabilities(String engineModel) {
            return scripted.capabilities(engineModel);
        }

        @Override
        public CompletionStage<Map<String, Boolean>> replicas() {
            return CompletableFuture.completedFuture(Map.of("triton:8001", true));
        }
    }

    private static void assertEventually(RunningHouse house, String... figures) {
        eventually(() -> assertThat(house.bean(Figures.class).scrape().lines()).contains(figures));
    }

    private RunningHouse open(String server, Object engine) {
        return RunningHouse.open(folder, server, "", Map.of(), engine);
    }

    private static String chat(boolean stream) {
        return "{\"model\":\"tiny\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(stream);
    }
}
