package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes and times that a client must keep to, and what it is told if it does not. */
class ConnectionLimitsTest {
    private static final String HELLO = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: a\r\n";
    private static final String POST =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

    private final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));

    @TempDir
    Path folder;

    private RunningHouse open(String server) throws IOException {
        return RunningHouse.open(Files.createTempDirectory(folder, "house"), server, "", Map.of(), engine);
    }

    private static void assertRefused(String said, int status, String code) {
        assertThat(RawClient.statuses(said)).containsExactly(status);
        assertThat(said).contains("\"code\":\"" + code + "\"");
        assertThat(RawClient.header(said, "connection")).isEqualToIgnoringCase("close");
        assertThat(RawClient.header(said, "x-request-id")).isNotEmpty();
    }

    @Test
    void headersHaveASize() throws IOException {
        try (RunningHouse house = open("")) {
            String field = "X-Long: " + "x".repeat(1000) + "\r\n";
            assertRefused(ask(house, GET + field.repeat(17) + "\r\n"), 431, "headers_too_large");
            assertRefused(ask(house, GET + "X: " + "x".repeat(100_000)), 431, "headers_too_large");
            assertRefused(ask(house, GET + "X: y\r\n".repeat(100) + "\r\n"), 431, "headers_too_large");
            assertRefused(ask(house, GET.replace("models", "m".repeat(8200)) + "\r\n"), 414, "uri_too_long");
            assertRefused(ask(house, "GET /" + "m".repeat(100_000)), 414, "uri_too_long");
            String most = GET + "X: y\r\n".repeat(97) + "X: " + "x".repeat(15_000) + "\r\nConnection: close\r\n\r\n";
            assertThat(RawClient.statuses(ask(house, most))).containsExactly(200);
        }
    }

    @Test
    void headersHaveASizeInHttp2Too() throws Exception {
        try (RunningHouse house = open("");
                HttpClient client = http2(house)) {
            assertHttp2Refusal(
                    client, house.uri("/v1/models").toString(), "x".repeat(17_000), 431, "headers_too_large");
            assertHttp2Refusal(
                    client, house.uri("/v1/models/" + "m".repeat(8200)).toString(), "x", 414, "uri_too_long");
        }
    }

    private static void assertHttp2Refusal(HttpClient client, String uri, String header, int status, String code)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(java.net.URI.create(uri))
                .header("X", header)
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains("\"code\":\"" + code + "\"");
    }

    /** A client whose connection speaks HTTP/2 already. */
    private static HttpClient http2(RunningHouse house) throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        client.send(HttpRequest.newBuilder(house.uri("/health")).build(), BodyHandlers.discarding());
        return client;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "G",
                "GET /v1/models HTTP/1.1\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nX: y",
                "PRI * HTTP/2.0\r\n"
            })
    void aHeadThatDoesNotComeIsNotWaitedFor(String beginning) throws IOException {
        try (RunningHouse house = open("header-timeout: 200ms")) {
            assertRefused(ask(house, beginning), 408, "request_timeout");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100\r\n\r\n{",
                "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
                "Content-Length: 100\r\n\r\n"
            })
    void aBodyThatDoesNotComeIsNotWaitedFor(String beginning) throws IOException {
        try (RunningHouse house = open("body-timeout: 200ms")) {
            assertRefused(ask(house, POST + beginning), 408, "request_timeout");
            assertThat(engine.requests()).isEmpty();
        }
    }

    @Test
    void aConnectionWithoutARequestIsClosed() throws IOException {
        try (RunningHouse house = open("idle-timeout: 300ms");
                var fresh = new RawClient(house.port())) {
            assertThat(fresh.readToEnd()).isEmpty();
        }
        try (RunningHouse house = open("idle-timeout: 1s");
                var used = new RawClient(house.port())) {
            assertThat(RawClient.statuses(used.send(GET + "\r\n").readToEnd())).containsExactly(200);
        }
    }

    @Test
    void aConnectionThatWaitsForItsAnswerIsNotIdle() {
        var slow = new ScriptedEngine(pause(), say(300), end(End.STOP));
        try (RunningHouse house = RunningHouse.open(folder, "idle-timeout: 1s", "", Map.of(), slow);
                var waiting = new RawClient(house.port())
                        .send(POST + "Content-Length: " + HELLO.length() + "\r\n\r\n" + HELLO)) {
            eventually(() -> assertThat(slow.running()).isEqualTo(1));
            try (var idle = new RawClient(house.port())) {
                assertThat(idle.readToEnd()).isEmpty();
            }
            slow.resume();
            assertThat(RawClient.statuses(waiting.readToEnd())).containsExactly(200);
        }
    }

    /** Connections are counted by the event loops that get them, so each is used before the next is opened. */
    @Test
    void thereAreOnlySoManyConnections() throws IOException {
        try (RunningHouse house = open("max-connections: 2");
                var one = new RawClient(house.port())) {
            one.send(GET + "\r\n").readThrough("HTTP/1.1 200");
            try (var two = new RawClient(house.port())) {
                two.send(GET + "\r\n").readThrough("HTTP/1.1 200");
                try (var three = new RawClient(house.port())) {
                    assertThat(three.readToEnd()).isIn("", "(reset)");
                }
                two.send(GET + "\r\n").readThrough("HTTP/1.1 200");
            }
            eventually(() -> {
                try (var next = new RawClient(house.port())) {
                    String said = next.send(GET + "Connection: close\r\n\r\n").readToEnd();
                    assertThat(RawClient.statuses(said)).containsExactly(200);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nf4240\r\n"})
    void aBodyThatIsTooLargeIsNotRead(String beginning) throws IOException {
        try (RunningHouse house = open("max-body-bytes: 2000")) {
            assertRefused(ask(house, POST + beginning + "x".repeat(5_000)), 413, "content_too_large");
        }
    }

    @Test
    void nobodyIsAskedToSendABodyThatIsTooLarge() throws IOException {
        try (RunningHouse house = open("max-body-bytes: 2000")) {
            String said = ask(house, POST + "Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
            assertRefused(said, 413, "content_too_large");
        }
    }

    @Test
    void anAnswerThatDoesNotWaitForTheBodyEndsTheConnection() throws IOException {
        try (RunningHouse house = open("")) {
            String said = ask(house, "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
            assertRefused(said, 404, "unknown_url");
        }
    }

    /** 16 MB are more than what fits into the sockets' buffers: without a lingering close the client would hear of a reset only. */
    @Test
    void aClientThatSendsTooMuchHearsWhy() throws IOException {
        try (RunningHouse house = open("max-body-bytes: 2000")) {
            HttpResponse<String> response = house.chat("x".repeat(16_000_000));
            assertThat(response.statusCode()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, gzip, 200, ''",
        "gzip, x-gzip, 200, ''",
        "gzip, GZIP, 200, ''",
        "zlib, deflate, 200, ''",
        "none, identity, 200, ''",
        "none, gzip, 400, bad_request",
        "zlib, gzip, 400, bad_request",
        "none, deflate, 400, bad_request",
        "zlib and more, deflate, 400, bad_request",
        "none, zstd, 415, unsupported_encoding",
        "gzip, 'gzip, gzip', 415, unsupported_encoding",
        "none, br, 415, unsupported_encoding"
    })
    void bodiesMayBeCompressed(String actual, String declared, int status, String code) throws IOException {
        try (RunningHouse house = open("")) {
            HttpResponse<String> response = compressed(house, HELLO, actual, declared);
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.body()).contains(code);
        }
    }

    @Test
    void aCompressedBodyIsMeasuredAsItWillBe() throws IOException {
        try (RunningHouse house = open("max-body-bytes: 2000000")) {
            HttpResponse<String> tooLarge = compressed(house, varied(3_000_000), "gzip", "gzip");
            assertThat(tooLarge.statusCode()).isEqualTo(413);
            HttpResponse<String> bomb = compressed(house, " ".repeat(1_500_000) + HELLO, "gzip", "gzip");
            assertThat(bomb.statusCode()).isEqualTo(413);
            assertThat(bomb.body()).contains("content_too_large");
            HttpResponse<String> dense = compressed(house, " ".repeat(900_000) + HELLO, "gzip", "gzip");
            assertThat(dense.statusCode()).isEqualTo(200);
            HttpResponse<String> cut = compressed(house, HELLO, "cut", "gzip");
            assertThat(cut.statusCode()).isEqualTo(400);
        }
    }

    private static String varied(int length) {
        var text = new StringBuilder();
        for (int i = 0; text.length() < length; i++) {
            text.append(i * 31L);
        }
        return text.toString();
    }

    private static HttpResponse<String> compressed(RunningHouse house, String body, String actual, String declared)
            throws IOException {
        HttpRequest request = house.chatRequest("")
                .header("Content-Encoding", declared)
                .POST(BodyPublishers.ofByteArray(compress(body, actual)))
                .build();
        return house.send(request);
    }

    private static byte[] compress(String body, String how) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out = switch (how) {
            case "gzip", "cut" -> new GZIPOutputStream(bytes);
            case "zlib", "zlib and more" -> new DeflaterOutputStream(bytes);
            default -> bytes;
        }) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        if (how.endsWith(" and more")) {
            bytes.writeBytes(HELLO.getBytes(StandardCharsets.UTF_8));
        }
        byte[] whole = bytes.toByteArray();
        return how.equals("cut") ? java.util.Arrays.copyOf(whole, whole.length / 2) : whole;
    }

    private static String ask(RunningHouse house, String bytes) {
        try (var client = new RawClient(house.port())) {
            return client.send(bytes).readToEnd();
        }
    }
}
