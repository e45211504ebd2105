package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.config.ConfigurationException;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ModelRepository;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.telemetry.MetricsPage;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's door, and that neither door shows what is behind the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ManagementTest {
    private final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));
    private final Repository repository = new Repository();
    private final MetricsPage metrics = () -> "conch_requests_total 7\n";

    private RunningHouse house;

    @SuppressWarnings("NullAway.Init")
    ManagementTest() {}

    @BeforeAll
    void open(@TempDir Path folder) {
        Map<String, String> environment = Map.of("CONCH_API_KEY", "secret");
        house = RunningHouse.open(folder, "cors-allowed-origins: ['*']", "", environment, engine, repository, metrics);
    }

    @AfterAll
    void close() {
        house.close();
    }

    /** Models that load when they are told to. */
    @SuppressWarnings("NullAway") // a Void is never there
    private static final class Repository implements ModelRepository {
        private final Map<String, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();
        private final List<String> unloaded = new ArrayList<>();

        @Override
        public CompletionStage<List<Entry>> index() {
            return CompletableFuture.completedFuture(List.of(new Entry(0, "tensorrt_llm", "1", "READY", "")));
        }

        @Override
        public CompletionStage<Void> load(String engineModel) {
            if (engineModel.equals("unknown")) {
                return CompletableFuture.failedFuture(
                        new GenerationException(ErrorCode.MODEL_NOT_FOUND, "No such model."));
            }
            return loading.computeIfAbsent(engineModel, _ -> new CompletableFuture<>());
        }

        @Override
        public CompletionStage<Void> unload(String engineModel) {
            unloaded.add(engineModel);
            return CompletableFuture.allOf();
        }
    }

    @Test
    void servesProbesFiguresAndModels() {
        assertThat(management("GET", "/health").statusCode()).isEqualTo(200);
        assertThat(management("GET", "/ready").statusCode()).isEqualTo(200);
        HttpResponse<String> figures = management("GET", "/metrics");
        assertThat(figures.body()).isEqualTo("conch_requests_total 7\n");
        assertThat(figures.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
        assertThat(management("GET", "/models").body())
                .isEqualTo(
                        "{\"models\":[{\"replica\":0,\"name\":\"tensorrt_llm\",\"version\":\"1\",\"state\":\"READY\",\"reason\":\"\"}]}");
    }

    @Test
    @SuppressWarnings("NullAway") // a Void is never there
    void loadsAModelOnceAtATime() {
        CompletableFuture<HttpResponse<String>> first =
                CompletableFuture.supplyAsync(() -> management("POST", "/models/llama/load"));
        Eventually.eventually(() -> assertThat(repository.loading).containsKey("llama"));
        assertError(management("POST", "/models/llama/load"), 409, "model_busy");
        assertError(management("POST", "/models/llama/unload"), 409, "model_busy");
        java.util.Objects.requireNonNull(repository.loading.get("llama")).complete(null);
        assertThat(first.join().body()).contains("\"status\":\"loaded\"");
        assertThat(management("POST", "/models/llama/unload").body()).contains("\"status\":\"unloading\"");
        assertThat(repository.unloaded).containsExactly("llama");
    }

    @Test
    void namesItsPortIfItIsInUse(@TempDir Path other) {
        Map<String, String> environment = Map.of("CONCH_MANAGEMENT_PORT", Integer.toString(house.managementPort()));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> RunningHouse.open(other, "", "", environment, engine))
                .withMessageContaining("CONCH_MANAGEMENT_PORT=<port>");
    }

    @Test
    void saysWhatItCannotDo() {
        assertError(management("POST", "/models/unknown/load"), 404, "model_not_found");
        assertError(management("GET", "/models/x/load"), 405, "method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/models",
                "GET /v1/models/tiny",
                "POST /v1/chat/completions",
                "GET /",
                "GET //v1/models",
                "GET /nowhere",
                "DELETE /v1/models",
                "OPTIONS /v1/models",
                "HEAD /v1/models"
            })
    void showsNothingOfTheApi(String what) {
        String[] request = what.split(" ", -1);
        HttpResponse<String> response = management(request[0], request[1]);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("allow")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /metrics",
                "GET /metrics/",
                "GET //metrics",
                "POST /metrics",
                "OPTIONS /metrics",
                "HEAD /metrics",
                "GET /models",
                "GET /models/",
                "POST /models/llama/load",
                "POST /models/llama/unload",
                "GET /models/llama/load",
                "GET /%6detrics"
            })
    void isNotThereAtThePublicDoor(String what) {
        String[] request = what.split(" ", -1);
        HttpResponse<String> without =
                house.send(request(house.port(), request[0], request[1]).build());
        assertThat(without.statusCode()).isEqualTo(401);
        HttpResponse<String> with = house.send(request(house.port(), request[0], request[1])
                .header("Authorization", "Bearer secret")
                .build());
        assertThat(with.statusCode()).isEqualTo(404);
        assertThat(with.headers().firstValue("allow")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /metrics",
                "GET /models",
                "POST /models/llama/load",
                "POST /models/llama/unload",
                "GET /",
                "PUT /x"
            })
    void asksForAKey(String what) {
        String[] request = what.split(" ", -1);
        HttpResponse<String> without = house.send(
                request(house.managementPort(), request[0], request[1]).build());
        assertError(without, 401, "invalid_api_key");
        HttpResponse<String> wrong = house.send(request(house.managementPort(), request[0], request[1])
                .header("Authorization", "Bearer other")
                .build());
        assertError(wrong, 401, "invalid_api_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/ready"})
    void asksForNoKeyAtTheProbes(String path) {
        HttpRequest.Builder probe = request(house.managementPort(), "GET", path);
        assertThat(house.send(probe.build()).statusCode()).isEqualTo(200);
        assertThat(house.send(probe.header("Origin", "https://page.example").build())
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /metrics",
                "GET /models",
                "POST /models/unknown/load",
                "POST /models/llama/unload",
                "OPTIONS /models"
            })
    void takesNoRequestsOfPages(String what) {
        String[] request = what.split(" ", -1);
        HttpResponse<String> refused = house.send(request(house.managementPort(), request[0], request[1])
                .header("Authorization", "Bearer secret")
                .header("Origin", "https://page.example")
                .header("Access-Control-Request-Method", "POST")
                .build());
        assertError(refused, 400, "bad_request");
        assertThat(refused.headers().map())
                .doesNotContainKeys("access-control-allow-origin", "access-control-allow-methods", "vary");
    }

    @Test
    void hasTheLimitsOfThePublicDoor() {
        String head = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ";
        assertThat(statuses(head + "x".repeat(15_000) + "\r\n\r\n")).containsExactly(200);
        assertThat(statuses(head + "x".repeat(17_000) + "\r\n\r\n")).containsExactly(431);
        assertThat(statuses("GET /" + "m".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
                .containsExactly(414);
    }

    private List<Integer> statuses(String bytes) {
        try (var client = new RawClient(house.managementPort())) {
            return RawClient.statuses(client.send(bytes).readToEnd());
        }
    }

    private HttpResponse<String> management(String method, String path) {
        return house.send(request(house.managementPort(), method, path)
                .header("Authorization", "Bearer secret")
                .build());
    }

    private static HttpRequest.Builder request(int port, String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, BodyPublishers.noBody());
    }

    private static void assertError(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"error\":{").contains("\"code\":\"" + code + "\"");
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
    }
}
