package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.fail;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.TraceContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Each exchange leaves one line that says what it cost and how it ended, and nothing of what was said. */
class RequestLogTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String COMPLETIONS = "/v1/completions";

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.conch.requests");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAnAnswerThatIsComplete(boolean stream) {
        try (RunningHouse house = open(new ScriptedEngine(say(300, 301), end(End.STOP, 302)))) {
            HttpResponse<String> answer = house.chat(body(stream));
            String line = onlyLine();
            assertLine(line, "POST", CHAT, 200, "complete");
            assertThat(line)
                    .contains("\"request_id\":\""
                            + answer.headers().firstValue("x-request-id").orElseThrow() + '"')
                    .contains(
                            "\"answer_id\":\"chatcmpl-",
                            "\"operation\":\"chat\",\"model\":\"tiny\",\"stream\":" + stream)
                    .contains("\"prompt_tokens\":14,\"cached_tokens\":0,\"generated_tokens\":3");
            assertThat(line.contains("\"ttft_ms\":")).isEqualTo(stream);
        }
    }

    @Test
    void ofACompletion() {
        var engine = new ScriptedEngine(ScriptedEngine.promptRead(1), say(300, 301), end(End.STOP, 302));
        try (RunningHouse house = open(engine)) {
            house.post(COMPLETIONS, "{\"model\":\"tiny\",\"prompt\":[300,301],\"user\":\"ann\"}");
            String line = onlyLine();
            assertLine(line, "POST", COMPLETIONS, 200, "complete");
            assertThat(line)
                    .contains(
                            "\"answer_id\":\"cmpl-",
                            "\"operation\":\"text_completion\",\"model\":\"tiny\",\"stream\":false",
                            "\"prompt_tokens\":2,\"cached_tokens\":1,\"generated_tokens\":3");
        }
    }

    @Test
    void ofOneThatCouldNotBePrepared() {
        try (RunningHouse house = open(new ScriptedEngine())) {
            house.post(COMPLETIONS, "{\"model\":\"tiny\",\"prompt\":[9999]}");
            assertLine(onlyLine(), "POST", COMPLETIONS, 400, "invalid_value");
        }
    }

    @Test
    void ofOneThatFailed() {
        var error = new GenerationException(ErrorCode.UPSTREAM_INTERRUPTED, "gone");
        try (RunningHouse house = open(new ScriptedEngine(say(300), fail(error)))) {
            house.chat(body(true));
            String line = onlyLine();
            assertLine(line, "POST", CHAT, 200, "upstream_interrupted");
            assertThat(line).contains("\"generated_tokens\":1");
        }
    }

    @Test
    void ofOneThatNobodyWaitedFor() throws IOException {
        try (RunningHouse house = open(new ScriptedEngine(say(300, 301, 302), pause(), end(End.STOP)))) {
            HttpResponse<InputStream> answer = house.stream(body(true));
            assertThat(answer.body().read()).isPositive();
            answer.body().close();
            String line = onlyLine();
            assertLine(line, "POST", CHAT, 200, "cancelled");
            assertThat(line).contains("\"generated_tokens\":3");
        }
    }

    @Test
    void ofOneThatWasGoneBeforeThereWasAnAnswer() throws IOException {
        var engine = new ScriptedEngine(pause(), end(End.STOP));
        try (RunningHouse house = open(engine)) {
            String body = body(false);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
                socket.getOutputStream()
                        .write(("POST " + CHAT
                                        + " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: "
                                        + body.length() + "\r\n\r\n" + body)
                                .getBytes(StandardCharsets.US_ASCII));
                eventually(() -> assertThat(engine.running()).isEqualTo(1));
            }
            assertLine(onlyLine(), "POST", CHAT, 499, "cancelled");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/models/tiny?secret=1, /v1/models/{+name}, 200, complete",
        "GET, /nowhere/at/all?secret=1, _OTHER, 404, unknown_url",
        "GET, /health, /health, 200, complete",
        "POST, /v1/chat/completions?secret=1, /v1/chat/completions, 415, unsupported_media_type"
    })
    void ofEveryExchange(String method, String path, String route, int status, String outcome) {
        try (RunningHouse house = open(new ScriptedEngine())) {
            house.send(HttpRequest.newBuilder(house.uri(path))
                    .method(method, BodyPublishers.noBody())
                    .build());
            String line = onlyLine();
            assertLine(line, method, route, status, outcome);
            assertThat(line).doesNotContain("secret", "answer_id", "key_id");
        }
    }

    @Test
    void ofOneThatAskedToGoOnInHttp2() throws IOException, InterruptedException {
        try (RunningHouse house = open(new ScriptedEngine());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(house.uri("/v1/models")).build();
            assertThat(client.send(request, BodyHandlers.discarding()).version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            assertLine(onlyLine(), "GET", "/v1/models", 200, "complete");
        }
    }

    @Test
    void namesTheKeyWithoutTellingIt() {
        try (RunningHouse house =
                RunningHouse.open(folder, "", "", Map.of("CONCH_API_KEY", "open sesame"), new ScriptedEngine())) {
            house.send(HttpRequest.newBuilder(house.uri("/v1/models"))
                    .header("Authorization", "Bearer open sesame")
                    .build());
            assertThat(onlyLine()).contains("\"key_id\":\"41ef4bb0\"");
            house.send(HttpRequest.newBuilder(house.uri("/v1/models"))
                    .header("Authorization", "Bearer wrong")
                    .build());
            eventually(() -> assertThat(lines.list).hasSize(2));
            assertThat(lines.list.getLast().getFormattedMessage())
                    .contains("\"status\":401,\"outcome\":\"invalid_api_key\"")
                    .doesNotContain("key_id");
        }
    }

    @Test
    void tellsTheTraceThatTheEngineIsToldToo() {
        var engine = new ScriptedEngine(end(End.STOP, 300));
        try (RunningHouse house = open(engine)) {
            house.send(house.chatRequest(body(false))
                    .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                    .header("tracestate", "a=1")
                    .build());
            TraceContext trace = requireNonNull(engine.requests().getFirst().trace());
            assertThat(trace.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
            assertThat(trace.state()).isEqualTo("a=1");
            assertThat(onlyLine())
                    .contains("\"trace_id\":\"" + trace.traceId() + "\",\"span_id\":\"" + trace.spanId() + '"');
        }
    }

    private RunningHouse open(ScriptedEngine engine) {
        return RunningHouse.open(folder, "", "", Map.of(), engine);
    }

    private static String body(boolean stream) {
        return "{\"model\":\"tiny\",\"stream\":%s,\"user\":\"ann\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(stream);
    }

    private String onlyLine() {
        eventually(() -> assertThat(lines.list).hasSize(1));
        return lines.list.getFirst().getFormattedMessage();
    }

    private static void assertLine(String line, String method, String route, int status, String outcome) {
        assertThat(line)
                .startsWith("{\"time\":\"")
                .contains("\"method\":\"%s\",\"route\":\"%s\",\"status\":%d,\"outcome\":\"%s\",\"duration_ms\":"
                        .formatted(method, route, status, outcome))
                .endsWith("}")
                .doesNotContain("\n");
    }
}
