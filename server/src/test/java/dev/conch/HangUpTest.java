package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.admission.AdmissionController;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that goes away ends its generation, at whatever moment and however it goes, and gives its place back. */
class HangUpTest {
    private final ScriptedEngine beforeTheFirstToken = new ScriptedEngine(pause(), say(300), end(End.STOP));
    private final ScriptedEngine whileStreaming =
            new ScriptedEngine(say(300), say(301), say(302), pause(), end(End.STOP));

    @TempDir
    Path folder;

    private ScriptedEngine engine = beforeTheFirstToken;
    private RunningHouse house;

    @SuppressWarnings("NullAway.Init")
    HangUpTest() {}

    private void open(boolean streaming) {
        engine = streaming ? whileStreaming : beforeTheFirstToken;
        house = RunningHouse.open(folder, "", "", Map.of(), engine);
    }

    @AfterEach
    void close() {
        house.close();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void whoClosesTheConnectionIsGone(boolean streaming, boolean withReset) throws IOException {
        open(streaming);
        try (Socket socket = post(true)) {
            eventually(() -> assertThat(engine.running()).isEqualTo(1));
            if (streaming) {
                assertThat(socket.getInputStream().read()).isPositive();
            }
            socket.setSoLinger(withReset, 0);
        }
        assertCancelled();
    }

    @Test
    void whoWaitsForASingleAnswerMayGoToo() throws IOException {
        open(false);
        try (Socket _ = post(false)) {
            eventually(() -> assertThat(engine.running()).isEqualTo(1));
        }
        assertCancelled();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoResetsAnHttp2StreamIsGoneButTheConnectionStays(boolean streaming) throws Exception {
        open(streaming);
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpRequest models = HttpRequest.newBuilder(house.uri("/v1/models")).build();
            assertThat(client.send(models, BodyHandlers.discarding()).version()).isEqualTo(HttpClient.Version.HTTP_2);
            CompletableFuture<HttpResponse<InputStream>> answer =
                    client.sendAsync(house.chatRequest(body(true)).build(), BodyHandlers.ofInputStream());
            eventually(() -> assertThat(engine.running()).isEqualTo(1));
            if (streaming) {
                answer.get().body().close();
            } else {
                answer.cancel(true);
            }
            assertCancelled();
            assertThat(client.send(models, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anAnswerThatIsOutIsNotCancelled() {
        engine = new ScriptedEngine(say(300), end(End.STOP));
        house = RunningHouse.open(folder, "", "", Map.of(), engine);
        assertThat(house.chat(body(false)).statusCode()).isEqualTo(200);
        eventually(
                () -> assertThat(house.bean(AdmissionController.class).inside()).isZero());
        assertThat(engine.cancels()).isZero();
    }

    private void assertCancelled() {
        eventually(() -> assertThat(engine.cancels()).isEqualTo(1));
        assertThat(engine.running()).isZero();
        eventually(
                () -> assertThat(house.bean(AdmissionController.class).inside()).isZero());
    }

    private Socket post(boolean stream) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), house.port());
        String body = body(stream);
        String request =
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(body.length(), body);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String body(boolean stream) {
        return "{\"model\":\"tiny\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(stream);
    }
}
