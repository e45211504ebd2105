package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.admission.AdmissionController;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.telemetry.HeapPressure;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.management.ListenerNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the door does before and around an answer: keys, probes, paths, limits, errors. */
class FrontDoorTest {
    private static final String HELLO = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));

    @TempDir
    Path folder;

    @Test
    void listsTheModels() {
        try (RunningHouse house = open("")) {
            assertThat(house.get("/v1/models").body())
                    .startsWith("{\"object\":\"list\",\"data\":[{\"id\":\"tiny\",\"object\":\"model\",\"created\":")
                    .endsWith(",\"owned_by\":\"conch\",\"max_model_len\":256}]}");
            assertThat(house.get("/v1/models/tiny").body()).startsWith("{\"id\":\"tiny\",\"object\":\"model\"");
            assertError(house.get("/v1/models/grand/one"), 404, "model_not_found");
        }
    }

    @Test
    void probes() {
        try (RunningHouse house = open("")) {
            assertThat(house.get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
            assertThat(house.get("/ready").body()).isEqualTo("{\"models\":{\"tiny\":true},\"status\":\"ready\"}");
            engine.setReady(false);
            HttpResponse<String> notReady = house.get("/ready");
            assertThat(notReady.statusCode()).isEqualTo(503);
            assertThat(notReady.body()).isEqualTo("{\"models\":{\"tiny\":false},\"status\":\"not ready\"}");
            assertThat(house.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tellsWhetherOneModelCanBeServed() {
        try (RunningHouse house = open("")) {
            assertThat(house.get("/ready?model=tiny").body())
                    .isEqualTo("{\"models\":{\"tiny\":true},\"status\":\"ready\"}");
            engine.setReady(false);
            assertThat(house.get("/ready?model=tiny").statusCode()).isEqualTo(503);
            assertError(house.get("/ready?model=grand"), 404, "model_not_found");
            assertError(house.get("/ready?model="), 404, "model_not_found");
        }
    }

    /** The pressure listens to no collector any more, so that it says what the test says. */
    @Test
    void isNotReadyWhileTheHeapIsFull() throws ListenerNotFoundException {
        HeapPressure heap = HeapPressure.watch(() -> 0);
        heap.close();
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine, heap)) {
            heap.found(0.94);
            assertThat(house.get("/ready").statusCode()).isEqualTo(200);
            heap.found(0.95);
            HttpResponse<String> full = house.get("/ready?model=tiny");
            assertThat(full.statusCode()).isEqualTo(503);
            assertThat(full.body()).isEqualTo("{\"models\":{\"tiny\":true},\"status\":\"heap full\"}");
            assertThat(house.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void probesDoNotMindWhatTheirCallerAccepts() {
        try (RunningHouse house = open("")) {
            HttpRequest request = HttpRequest.newBuilder(house.uri("/health"))
                    .header("Accept", "text/plain")
                    .build();
            assertThat(house.send(request).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void readsRendersAndRefusesLongRequestsElsewhere() {
        try (RunningHouse house = open("")) {
            String message = "{\"role\":\"user\",\"content\":\"\"},";
            String many = HELLO.replace("[{", "[" + message.repeat(9_000) + "{");
            assertError(house.chat(many), 400, "context_length_exceeded");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsOfAnEngineThatMakesTokensUp(boolean last) {
        var inventive = last
                ? new ScriptedEngine(end(End.STOP, 300, 1_000_000))
                : new ScriptedEngine(say(300, 1_000_000), end(End.STOP));
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), inventive)) {
            assertError(house.chat(HELLO), 502, "bad_upstream_response");
            eventually(() ->
                    assertThat(house.bean(AdmissionController.class).inside()).isZero());
        }
    }

    @Test
    void namesEveryAnswer() {
        try (RunningHouse house = open("")) {
            String first =
                    house.chat(HELLO).headers().firstValue("x-request-id").orElseThrow();
            String second =
                    house.get("/nowhere").headers().firstValue("x-request-id").orElseThrow();
            assertThat(first).matches("req_[0-9A-Za-z]{22}").isNotEqualTo(second);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 404, unknown_url",
        "GET, /v1/nothing, 404, unknown_url",
        "GET, /v1/chat/completions, 405, method_not_allowed",
        "DELETE, /v1/models, 405, method_not_allowed"
    })
    void refusesWhatIsNotThere(String method, String path, int status, String code) {
        try (RunningHouse house = open("")) {
            HttpRequest request = HttpRequest.newBuilder(house.uri(path))
                    .method(method, BodyPublishers.noBody())
                    .build();
            assertError(house.send(request), status, code);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "text/plain", "application/json; charset=utf-16", "application/json;charset=\"latin1\""})
    void refusesABodyThatIsNotDeclaredAsJson(String type) {
        try (RunningHouse house = open("")) {
            assertError(house.send(declared(house, type)), 415, "unsupported_media_type");
        }
    }

    @Test
    void refusesABodyOfWhichNothingIsDeclared() {
        try (RunningHouse house = open("")) {
            HttpRequest bare = HttpRequest.newBuilder(house.uri("/v1/chat/completions"))
                    .POST(BodyPublishers.ofString(HELLO))
                    .build();
            assertError(house.send(bare), 415, "unsupported_media_type");
            assertThat(engine.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json;charset=UTF-8", "Application/JSON; Charset=\"utf-8\"", "application/json; a=b"
            })
    void takesJsonInUtf8(String type) {
        try (RunningHouse house = open("")) {
            assertThat(house.send(declared(house, type)).statusCode()).isEqualTo(200);
        }
    }

    private static HttpRequest declared(RunningHouse house, String type) {
        return HttpRequest.newBuilder(house.uri("/v1/chat/completions"))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(HELLO))
                .build();
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        try (RunningHouse house = open("max-body-bytes: 2000")) {
            String body = HELLO + " ".repeat(2000);
            assertError(house.chat(body), 413, "content_too_large");
            HttpRequest chunked = HttpRequest.newBuilder(house.uri("/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString(body)))
                    .build();
            assertError(house.send(chunked), 413, "content_too_large");
            assertThat(engine.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "Basic c2VjcmV0", "Bearer", "Bearer wrong", "Bearer secretx", "Bearer secre"})
    void asksForAKeyBeforeAnythingElse(String authorization) throws IOException {
        Files.writeString(folder.resolve("keys"), "# two keys\nsecret\n\nother # of a friend\n");
        try (RunningHouse house = open("api-keys-file: keys")) {
            for (String path : List.of("/v1/chat/completions", "/v1/models", "/nowhere")) {
                HttpRequest.Builder request = HttpRequest.newBuilder(house.uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{ not even JSON"));
                if (!authorization.isEmpty()) {
                    request.header("Authorization", authorization);
                }
                HttpResponse<String> response = house.send(request.build());
                assertError(response, 401, "invalid_api_key");
                assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
            }
            assertThat(house.get("/health").statusCode()).isEqualTo(200);
            assertThat(house.get("/ready").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer secret", "Bearer other", "Bearer from-environment"})
    void opensToEveryKey(String authorization) throws IOException {
        Files.writeString(folder.resolve("keys"), "# two keys\nsecret\n\nother # of a friend\n");
        Map<String, String> environment = Map.of("CONCH_API_KEY", "from-environment");
        try (RunningHouse house = RunningHouse.open(folder, "api-keys-file: keys", "", environment, engine)) {
            HttpRequest request = house.chatRequest(HELLO)
                    .header("Authorization", authorization)
                    .build();
            assertThat(house.send(request).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void turnsAwayWhoDoesNotFit() {
        var busy = new ScriptedEngine(say(300, 301, 302), pause(), end(End.STOP));
        try (RunningHouse house = RunningHouse.open(folder, "max-concurrent-requests: 1", "", Map.of(), busy)) {
            HttpResponse<InputStream> first = house.stream(HELLO.replace("{\"model\"", "{\"stream\":true,\"model\""));
            HttpResponse<String> second = house.chat(HELLO);
            assertError(second, 503, "overloaded");
            assertThat(second.headers().firstValueAsLong("retry-after").orElse(0))
                    .isBetween(1L, 10L);
            busy.resume();
            assertThat(first.body())
                    .asString(java.nio.charset.StandardCharsets.UTF_8)
                    .endsWith("data: [DONE]\n\n");
            busy.resume();
            eventually(() -> assertThat(house.chat(HELLO).statusCode()).isEqualTo(200));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NO_HEALTHY_BACKEND, 503",
        "OVERLOADED, 503",
        "UPSTREAM_INTERRUPTED, 503",
        "TIMEOUT, 504",
        "UPSTREAM_TIMEOUT, 504",
        "BAD_UPSTREAM_RESPONSE, 502",
        "UPSTREAM_REJECTED, 500",
        "CONTEXT_LENGTH_EXCEEDED, 400"
    })
    void tellsAFailureBeforeTheFirstTokenByStatus(ErrorCode code, int status) {
        var failing = new ScriptedEngine(ScriptedEngine.fail(new GenerationException(code, "So it is.")));
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), failing)) {
            assertError(house.chat(HELLO), status, code.wireName());
            assertError(house.chat(HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"")), status, code.wireName());
        }
    }

    @Test
    void handsTheEngineWhatTheRequestSays() {
        try (RunningHouse house = open("")) {
            house.chat("""
                    {"model":"tiny","messages":[{"role":"user","content":"hi"}],"max_tokens":9,"temperature":0.5,"top_p":0.25,
                     "frequency_penalty":1,"presence_penalty":-1,"seed":-7,"stop":["x"]}
                    """);
            GenerationRequest request = engine.requests().getFirst();
            assertThat(request.engineModel()).isEqualTo("tensorrt_llm");
            assertThat(request.id()).startsWith("chatcmpl-");
            assertThat(request.sampling()).isEqualTo(dev.conch.generation.SamplingParams.of(0.5, 0.25, 1, -1, -7L));
            assertThat(request.stop().maxTokens()).isEqualTo(9);
            assertThat(request.stop().stopSequences()).containsExactly("x");
            int imEnd = house.tokenizer().encode("<|im_end|>", List.of())[0];
            assertThat(request.stop().endTokenIds()).containsExactly(imEnd);
            assertThat(request.promptTokenIds())
                    .isEqualTo(house.tokenizer()
                            .encode("<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n", List.of()));
        }
    }

    @Test
    void leavesTheWholeContextToAnAnswerWithoutALimit() {
        try (RunningHouse house = open("")) {
            house.chat(HELLO);
            GenerationRequest request = engine.requests().getFirst();
            assertThat(request.stop().maxTokens()).isEqualTo(256 - request.promptTokenIds().length);
        }
    }

    @Test
    void refusesAPromptThatDoesNotFitAndSaysBothNumbers() {
        try (RunningHouse house = open("")) {
            HttpResponse<String> response = house.chat(HELLO.replace("hi", "7".repeat(300)));
            assertError(response, 400, "context_length_exceeded");
            assertThat(response.body()).contains("256 tokens").containsPattern("resulted in 3[0-9][0-9] tokens");
            assertError(house.chat(HELLO.replace("hi", "7".repeat(500_000))), 400, "context_length_exceeded");
            assertThat(engine.requests()).isEmpty();
        }
    }

    private RunningHouse open(String server) {
        return RunningHouse.open(folder, server, "", Map.of(), engine);
    }

    private static void assertError(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
        assertThat(response.body()).startsWith("{\"error\":{\"message\":\"").contains("\"code\":\"" + code + "\"");
        assertThat(response.body()).contains("\"type\":\"").contains("\"param\":");
    }
}
