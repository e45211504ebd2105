package dev.conch;

import static dev.conch.RawHttp2Client.CONTINUATION;
import static dev.conch.RawHttp2Client.DATA;
import static dev.conch.RawHttp2Client.END_HEADERS;
import static dev.conch.RawHttp2Client.END_STREAM;
import static dev.conch.RawHttp2Client.ENHANCE_YOUR_CALM;
import static dev.conch.RawHttp2Client.GOAWAY;
import static dev.conch.RawHttp2Client.HEADERS;
import static dev.conch.RawHttp2Client.NO_ERROR;
import static dev.conch.RawHttp2Client.RST_STREAM;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.RawHttp2Client.Frame;
import dev.conch.config.ConchConfiguration;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What HTTP/2 asks of a server beyond answering, and how clients that abuse it are got rid of. */
class Http2Test {
    private static final Duration LONG = Duration.ofHours(1);
    private static final byte[] STREAM =
            "{\"stream\":true,\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHAT =
            RawHttp2Client.head("POST", "/v1/chat/completions", Map.of("content-type", "application/json"));
    private static final byte[] CANCEL = {0, 0, 0, 8};
    private static final byte[] MODELS = RawHttp2Client.head("GET", "/v1/models", Map.of());

    private final ScriptedEngine engine = new ScriptedEngine(say(300), say(301), say(302), pause(), end(End.STOP));

    @TempDir
    Path folder;

    private RunningHouse house;

    @SuppressWarnings("NullAway.Init")
    Http2Test() {}

    @BeforeEach
    void open() {
        house = RunningHouse.open(folder, "", "", Map.of(), engine);
    }

    @AfterEach
    void close() {
        house.close();
    }

    /** RFC 9113, 8.1: with any other code a client may throw the answer away. */
    @ParameterizedTest
    @CsvSource({
        "/nowhere, application/json, 9, unknown_url",
        "/v1/chat/completions, text/plain, 9, unsupported_media_type",
        "/v1/chat/completions, application/json; charset=utf-16, 9, unsupported_media_type",
        "/v1/chat/completions, application/json, 999999999, content_too_large"
    })
    void whoIsAnsweredEarlyNeedNotSendTheRest(String path, String type, String length, String code) throws IOException {
        try (var client = new RawHttp2Client(house.port())) {
            Map<String, String> fields = Map.of("content-type", type, "content-length", length);
            client.send(HEADERS, END_HEADERS, 1, RawHttp2Client.head("POST", path, fields));
            assertThat(client.read(Frame::endsStream).text()).contains(code);
            Frame reset = client.read(frame -> frame.type() == RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.errorCode()).isEqualTo(NO_ERROR);
            assertServes(client, 3);
        }
    }

    @Test
    void aDrainIsAnnouncedThenBegunAndStreamsFinish() throws Exception {
        try (var client = new RawHttp2Client(house.port())) {
            client.send(HEADERS, END_HEADERS, 1, CHAT);
            client.send(DATA, END_STREAM, 1, STREAM);
            client.read(frame -> frame.type() == DATA && frame.stream() == 1);
            var shutdown = new Shutdown(house.context(), new ConchConfiguration.Drain(LONG, LONG));
            CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(shutdown::signalled);
            Frame announced = client.read(frame -> frame.type() == GOAWAY);
            assertThat(announced.lastStream()).isEqualTo(Integer.MAX_VALUE);
            assertThat(announced.errorCode()).isEqualTo(NO_ERROR);
            engine.resume();
            client.read(frame -> frame.stream() == 1 && frame.endsStream());
            assertServes(client, 3);
            assertThat(shutdown.signalled()).as("who asks twice does not wait").isFalse();
            Frame last = client.read(frame -> frame.type() == GOAWAY);
            assertThat(last.lastStream()).isEqualTo(3);
            assertThat(last.errorCode()).isEqualTo(NO_ERROR);
            assertThat(ended.join()).isTrue();
        }
    }

    @Test
    void aStreamThatIsOpenOutlivesTheLastGoAway() throws Exception {
        try (var client = new RawHttp2Client(house.port())) {
            client.send(HEADERS, END_HEADERS, 1, CHAT);
            client.send(DATA, END_STREAM, 1, STREAM);
            client.read(frame -> frame.type() == DATA && frame.stream() == 1);
            var shutdown = new Shutdown(house.context(), new ConchConfiguration.Drain(Duration.ZERO, LONG));
            CompletableFuture<Boolean> ended = CompletableFuture.supplyAsync(shutdown::signalled);
            client.read(frame -> frame.type() == GOAWAY && frame.lastStream() == 1);
            engine.resume();
            assertThat(client.read(frame -> frame.type() == DATA && frame.text().contains("[DONE]")).stream())
                    .isEqualTo(1);
            assertThat(ended.join()).isTrue();
        }
    }

    /** CVE-2023-44487. */
    @Test
    void whoResetsAllThatItOpensIsSentAway() throws IOException {
        try (var client = new RawHttp2Client(house.port())) {
            sendUntilRefused(() -> {
                for (int stream = 1; stream < 2_000; stream += 2) {
                    client.send(HEADERS, END_HEADERS, stream, CHAT);
                    client.send(RST_STREAM, 0, stream, CANCEL);
                }
            });
            assertThat(errorThatEnds(client)).isEqualTo(ENHANCE_YOUR_CALM);
        }
        assertServesOthers();
        assertThat(engine.requests()).isEmpty();
    }

    /** CVE-2026-33871. */
    @Test
    void aHeadThatDoesNotEndIsNotReadForLong() throws IOException {
        try (var client = new RawHttp2Client(house.port())) {
            sendUntilRefused(() -> {
                client.send(HEADERS, END_STREAM, 1, MODELS);
                for (int i = 0; i < 1_000; i++) {
                    client.send(CONTINUATION, 0, 1);
                }
            });
            assertThat(errorThatEnds(client)).isEqualTo(ENHANCE_YOUR_CALM);
        }
        assertServesOthers();
    }

    private interface Sending {
        void run() throws IOException;
    }

    /** The server may close the connection before all is sent. */
    private static void sendUntilRefused(Sending sending) throws IOException {
        try {
            sending.run();
        } catch (SocketException e) {
            assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
        }
    }

    private static long errorThatEnds(RawHttp2Client client) throws IOException {
        try {
            return client.read(frame -> frame.type() == GOAWAY).errorCode();
        } catch (SocketException e) {
            // What was sent after its last word made the kernel reset the connection, which may swallow that word.
            assertThat(e).hasMessageStartingWith("Connection reset");
            return ENHANCE_YOUR_CALM;
        }
    }

    private static void assertServes(RawHttp2Client client, int stream) throws IOException {
        client.send(HEADERS, END_HEADERS | END_STREAM, stream, MODELS);
        Frame answer = client.read(frame -> frame.stream() == stream && frame.endsStream());
        assertThat(answer.text()).contains("\"id\":\"tiny\"");
    }

    private void assertServesOthers() throws IOException {
        try (var other = new RawHttp2Client(house.port())) {
            assertServes(other, 1);
        }
    }
}
