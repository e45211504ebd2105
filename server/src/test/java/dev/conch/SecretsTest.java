package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.telemetry.Figures;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Nothing that a client said, sent or was told stands in a log or among the figures, however much is logged. */
class SecretsTest {
    private static final String CANARY = "canary";
    private static final String KEY = CANARY + "-key";
    private static final String CHAT = """
            {"model":"%s","stream":%s,"user":"canary-user","canary_field":1,
             "messages":[{"role":"system","content":"canary-system"},
              {"role":"user","content":"canary-prompt"},
              {"role":"assistant","content":"canary-past","tool_calls":[{"id":"canary-call","type":"function",
               "function":{"name":"canary_function","arguments":"{\\"a\\":\\"canary-argument\\"}"}}]},
              {"role":"tool","tool_call_id":"canary-call","content":"canary-result"}]}""";

    private final Logger house = (Logger) LoggerFactory.getLogger("dev.conch");
    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger requests = (Logger) LoggerFactory.getLogger("dev.conch.requests");
    private final Keeper keeper = new Keeper();
    private final Level before = house.getLevel();

    @TempDir
    Path folder;

    @BeforeEach
    void listen() {
        keeper.setContext(house.getLoggerContext());
        keeper.start();
        house.setLevel(Level.TRACE);
        root.addAppender(keeper);
        requests.addAppender(keeper);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(keeper);
        requests.detachAppender(keeper);
        house.setLevel(before);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void neitherOfAnAnswer(boolean stream) {
        try (RunningHouse running = open()) {
            HttpResponse<String> answer = post(running, KEY, CHAT.formatted("tiny", stream));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains(CANARY);
            assertSilence(running);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"canary", "[\"canary\"]", "{\"model\":\"canary\",\"messages\":\"canary\"}"})
    void norOfARequestThatIsRefused(String body) {
        try (RunningHouse running = open()) {
            assertThat(post(running, KEY, body).statusCode()).isBetween(400, 499);
            assertThat(post(running, KEY, CHAT.formatted("canary-model", true)).statusCode())
                    .isEqualTo(404);
            assertSilence(running);
        }
    }

    @Test
    void norOfAKeyThatIsNone() {
        try (RunningHouse running = open()) {
            assertThat(post(running, CANARY + "-guess", CHAT.formatted("tiny", true))
                            .statusCode())
                    .isEqualTo(401);
            assertSilence(running);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void norOfAFailureThatNobodyThoughtOf(boolean stream) {
        var broken = new ScriptedEngine(request -> {
            throw new IllegalStateException("canary", new IllegalArgumentException("canary-cause"));
        });
        try (RunningHouse running = open(broken)) {
            HttpResponse<String> answer = post(running, KEY, CHAT.formatted("tiny", stream));
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("\"internal_error\"").doesNotContain(CANARY);
            assertThat(keeper.lines)
                    .anyMatch(line -> line.contains("java.lang.IllegalStateException")
                            && line.contains(
                                    answer.headers().firstValue("x-request-id").orElse("none")));
            assertSilence(running);
        }
    }

    /** The answer repeats the prompt. */
    private RunningHouse open() {
        var words = new ScriptedEngine(request -> List.of(end(End.STOP, request.promptTokenIds())));
        return open(words);
    }

    private RunningHouse open(ScriptedEngine engine) {
        return RunningHouse.open(folder, "", "", "max-model-len: 1024", Map.of("CONCH_API_KEY", KEY), engine);
    }

    private static HttpResponse<String> post(RunningHouse running, String key, String body) {
        return running.send(HttpRequest.newBuilder(running.uri("/v1/chat/completions?canary=canary-query"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .header("User-Agent", "canary-agent")
                .header("tracestate", "a=canary-state")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private void assertSilence(RunningHouse running) {
        eventually(() -> assertThat(keeper.lines).anyMatch(line -> line.contains("\"request_id\"")));
        assertThat(keeper.lines).noneMatch(line -> line.contains(CANARY));
        assertThat(running.bean(Figures.class).scrape()).doesNotContain(CANARY);
    }

    /** Keeps every line, with the stacks of failures. Thread-safe. */
    private static final class Keeper extends AppenderBase<ILoggingEvent> {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy failure = event.getThrowableProxy();
            lines.add(event.getFormattedMessage() + (failure == null ? "" : ThrowableProxyUtil.asString(failure)));
        }
    }
}
