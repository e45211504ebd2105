package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the heads of answers: names, times, advice to clients, browsers' permissions. */
class AnswerHeadersTest {
    private static final String HELLO = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));

    @TempDir
    Path folder;

    private RunningHouse open(String server) {
        return RunningHouse.open(folder, server, "", Map.of(), engine);
    }

    private static HttpResponse<String> ask(RunningHouse house, String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(house.uri(path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return house.send(request.build());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/health", "/nowhere"})
    void takesTheClientsNameForARequest(String path) {
        try (RunningHouse house = open("")) {
            HttpResponse<String> named = ask(house, "GET", path, "X-Request-Id", "Az09._-");
            assertThat(named.headers().allValues("x-request-id")).containsExactly("Az09._-");
            for (String insane : new String[] {"a b", "a\u00e9", "a;b", "x".repeat(129)}) {
                assertThat(header(ask(house, "GET", path, "X-Request-Id", insane), "x-request-id"))
                        .startsWith("req_");
            }
        }
    }

    @Test
    void tellsHowLongItTook() {
        try (RunningHouse house = open("")) {
            assertThat(header(house.chat(HELLO), "openai-processing-ms")).matches("[0-9]+");
            assertThat(header(ask(house, "GET", "/nowhere"), "openai-processing-ms"))
                    .matches("[0-9]+");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OVERLOADED, true, true",
        "NO_HEALTHY_BACKEND, true, true",
        "UPSTREAM_INTERRUPTED, true, true",
        "TIMEOUT, false, false",
        "UPSTREAM_TIMEOUT, false, false",
        "INTERNAL_ERROR, false, false",
        "UPSTREAM_REJECTED, false, false",
        "BAD_UPSTREAM_RESPONSE, '', false",
        "CONTEXT_LENGTH_EXCEEDED, '', false"
    })
    void saysWhetherTryingAgainHelps(ErrorCode code, String shouldRetry, boolean later) {
        var failing = new ScriptedEngine(ScriptedEngine.fail(new GenerationException(code, "So it is.")));
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), failing)) {
            HttpResponse<String> response = house.chat(HELLO);
            assertThat(header(response, "x-should-retry")).isEqualTo(shouldRetry);
            if (later) {
                long millis = Long.parseLong(header(response, "retry-after-ms"));
                assertThat(millis).isBetween(1_000L, 10_000L);
                assertThat(header(response, "retry-after")).isEqualTo(Long.toString((millis + 999) / 1000));
            } else {
                assertThat(header(response, "retry-after") + header(response, "retry-after-ms"))
                        .isEmpty();
            }
        }
    }

    /** Else each stream would have a compressor, flushed for every chunk. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/v1/openapi.yaml"})
    void leavesCompressionToProxies(String path) {
        try (RunningHouse house = open("")) {
            HttpResponse<String> plain = ask(house, "GET", path, "Accept-Encoding", "gzip, deflate, br, zstd");
            assertThat(plain.headers().map()).doesNotContainKey("content-encoding");
            HttpRequest.Builder stream = house.chatRequest(HELLO.replace("{\"model\"", "{\"stream\":true,\"model\""));
            assertThat(house.send(stream.header("Accept-Encoding", "gzip").build())
                            .body())
                    .endsWith("data: [DONE]\n\n");
        }
    }

    @Test
    void answersHeadWithTheHeadOfGet() {
        try (RunningHouse house = open("")) {
            for (String path : new String[] {
                "/v1/models",
                "/v1/models/tiny",
                "/v1/models/grand",
                "/nowhere",
                "/health",
                "/v1/openapi.yaml",
                "/v1/docs"
            }) {
                HttpResponse<String> get = ask(house, "GET", path);
                HttpResponse<String> head = ask(house, "HEAD", path);
                assertThat(head.statusCode()).isEqualTo(get.statusCode());
                assertThat(head.body()).isEmpty();
                assertThat(header(head, "x-request-id")).isNotEmpty();
                for (String name : new String[] {"content-type", "content-length"}) {
                    assertThat(header(head, name))
                            .as(path + " " + name)
                            .isNotEmpty()
                            .isEqualTo(header(get, name));
                }
            }
            assertThat(ask(house, "HEAD", "/v1/chat/completions").statusCode()).isEqualTo(405);
        }
    }

    @Test
    void saysWhatAPathTakes() {
        try (RunningHouse house = open("")) {
            assertThat(header(ask(house, "GET", "/v1/chat/completions"), "allow"))
                    .isEqualTo("POST");
            HttpResponse<String> options = ask(house, "OPTIONS", "/v1/chat/completions");
            assertThat(options.statusCode()).isEqualTo(200);
            assertThat(header(options, "allow")).contains("POST").contains("OPTIONS");
            assertThat(options.body()).isEmpty();
            assertThat(header(options, "content-type")).isEmpty();
            assertThat(ask(house, "OPTIONS", "/nowhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void letsNoPageInUnlessItIsTold() {
        try (RunningHouse house = open("")) {
            HttpResponse<String> preflight = preflight(house, "https://app.example");
            assertThat(preflight.headers().map()).doesNotContainKey("access-control-allow-origin");
            HttpResponse<String> get = ask(house, "GET", "/v1/models", "Origin", "https://app.example");
            assertThat(get.statusCode()).isEqualTo(200);
            assertThat(get.headers().map()).doesNotContainKeys("access-control-allow-origin", "vary");
        }
    }

    @Test
    void letsPagesOfTheAllowedOriginsIn() {
        Map<String, String> environment = Map.of("CONCH_API_KEY", "secret");
        String origins = "cors-allowed-origins: [\"https://app.example\"]";
        try (RunningHouse house = RunningHouse.open(folder, origins, "", environment, engine)) {
            HttpResponse<String> preflight = preflight(house, "https://app.example");
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(header(preflight, "access-control-allow-origin")).isEqualTo("https://app.example");
            assertThat(header(preflight, "access-control-allow-methods")).contains("POST");
            assertThat(header(preflight, "access-control-allow-headers")).isEqualTo("authorization,content-type");
            HttpResponse<String> refused = ask(house, "GET", "/v1/models", "Origin", "https://app.example");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(header(refused, "access-control-allow-origin")).isEqualTo("https://app.example");
            assertThat(header(refused, "access-control-expose-headers")).contains("x-request-id");
            assertThat(header(refused, "vary")).isEqualToIgnoringCase("origin");
            HttpResponse<String> stranger = preflight(house, "https://other.example");
            assertThat(stranger.statusCode()).isEqualTo(401);
            assertThat(stranger.headers().map()).doesNotContainKey("access-control-allow-origin");
        }
    }

    private static HttpResponse<String> preflight(RunningHouse house, String origin) {
        return ask(
                house,
                "OPTIONS",
                "/v1/chat/completions",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization,content-type");
    }
}
