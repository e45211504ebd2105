package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.config.ConchConfiguration;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the server ends: step by step, and what each of its clients sees. */
class DrainTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final String HELLO = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");

    private final ScriptedEngine engine = new ScriptedEngine(say(300), say(301), say(302), pause(), end(End.STOP));

    @TempDir
    Path folder;

    private RunningHouse house;

    @SuppressWarnings("NullAway.Init")
    DrainTest() {}

    @BeforeEach
    void open() {
        house = RunningHouse.open(folder, "", "", Map.of(), engine);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Shutdown shutdown(Duration delay, Duration timeout) {
        return new Shutdown(house.context(), new ConchConfiguration.Drain(delay, timeout));
    }

    @Test
    void isNotReadyAtOnceButServesUntilTheDelayIsOver() {
        Shutdown shutdown = shutdown(LONG, LONG);
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(shutdown::signalled);
        eventually(() -> assertThat(house.get("/ready").statusCode()).isEqualTo(503));
        assertThat(house.get("/ready").body()).isEqualTo("{\"models\":{\"tiny\":true},\"status\":\"shutting down\"}");
        assertThat(house.get("/health").statusCode()).isEqualTo(200);
        assertThat(house.get("/v1/models").statusCode()).isEqualTo(200);
        assertThat(shutdown.signalled()).isFalse();
        assertThat(ended.join()).isTrue();
        assertThat(house.context().isRunning()).isFalse();
    }

    @Test
    void letsStreamsFinishAndTurnsNewRequestsAway() throws Exception {
        HttpResponse<InputStream> running = house.stream(STREAM);
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(shutdown(Duration.ZERO, LONG)::signalled);
        eventually(() -> assertThat(house.get("/v1/models").statusCode()).isEqualTo(503));
        HttpResponse<String> refused = house.chat(HELLO);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("\"code\":\"shutting_down\"");
        assertThat(refused.headers().firstValue("connection")).contains("close");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(house.get("/health").statusCode()).isEqualTo(200);
        assertThat(house.get("/ready").statusCode()).isEqualTo(503);
        engine.resume();
        assertThat(text(running)).endsWith("data: [DONE]\n\n");
        assertThat(ended.join()).isTrue();
    }

    @Test
    void tellsAStreamThatTakesTooLong() throws Exception {
        HttpResponse<InputStream> running = house.stream(STREAM);
        assertThat(shutdown(Duration.ZERO, Duration.ofMillis(50)).signalled()).isTrue();
        assertThat(text(running)).contains("\"code\":\"shutting_down\"").doesNotContain("[DONE]");
        assertThat(engine.cancels()).isEqualTo(1);
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        HttpResponse<InputStream> running = house.stream(STREAM);
        Shutdown shutdown = shutdown(Duration.ZERO, LONG);
        CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(shutdown::signalled);
        eventually(() -> assertThat(house.get("/v1/models").statusCode()).isEqualTo(503));
        assertThat(shutdown.signalled()).isFalse();
        assertThat(text(running)).contains("\"code\":\"shutting_down\"");
        assertThat(ended.join()).isTrue();
    }

    @Test
    void anAnswerThatHasNotBegunIsA503() {
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> house.chat(HELLO));
        eventually(() -> assertThat(engine.running()).isEqualTo(1));
        assertThat(shutdown(Duration.ZERO, Duration.ofMillis(50)).signalled()).isTrue();
        assertThat(waiting.join().statusCode()).isEqualTo(503);
        assertThat(waiting.join().body()).contains("\"code\":\"shutting_down\"");
    }

    private static String text(HttpResponse<InputStream> response) throws java.io.IOException {
        try (InputStream in = response.body()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
