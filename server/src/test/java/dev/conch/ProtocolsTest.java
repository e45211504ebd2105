package dev.conch;

import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same server over each protocol that it speaks, with real clients. */
class ProtocolsTest {
    private static final String HELLO = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String STREAM = HELLO.replace("{\"model\"", "{\"stream\":true,\"model\"");
    private static final String GET = "GET /v1/models/%s HTTP/1.1\r\nHost: a\r\n%s\r\n";

    private final ScriptedEngine engine = new ScriptedEngine(say(300), end(End.STOP));

    @TempDir
    Path folder;

    @Test
    void keepsAConnectionForManyRequests() {
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine);
                var client = new RawClient(house.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(GET.formatted("tiny", "")).readThrough("\"max_model_len\":256,");
            }
        }
    }

    @Test
    void answersInTheOrderOfTheRequests() {
        var slow = new ScriptedEngine(pause(), say(300), end(End.STOP));
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), slow);
                var client = new RawClient(house.port())) {
            client.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                            + HELLO.length() + "\r\n\r\n" + HELLO + GET.formatted("one", "") + GET.formatted("tiny", "")
                            + GET.formatted("two", "Connection: close\r\n"));
            slow.resume();
            String said = client.readToEnd();
            assertThat(RawClient.statuses(said)).containsExactly(200, 404, 200, 404);
            assertThat(said).containsSubsequence("chat.completion", "`one`", "\"id\":\"tiny\"", "`two`");
        }
    }

    /** It knows no chunks: nginx, unless told otherwise, and {@code ab} speak it. */
    @Test
    void sendsNoChunksToHttp10() {
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine);
                var client = new RawClient(house.port())) {
            String said = client.send("POST /v1/chat/completions HTTP/1.0\r\nConnection: keep-alive\r\n"
                            + "Content-Type: application/json\r\nContent-Length: " + STREAM.length() + "\r\n\r\n"
                            + STREAM)
                    .readToEnd();
            assertThat(RawClient.header(said, "transfer-encoding")).isEmpty();
            assertThat(RawClient.header(said, "connection")).isEqualTo("close");
            assertThat(said).contains("\r\n\r\ndata: {").endsWith("}\n\ndata: [DONE]\n\n");
        }
    }

    @Test
    void speaksHttp2AfterAnUpgrade() throws IOException, InterruptedException {
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            assertSpeaksHttp2(client, house.uri("/v1"));
        }
    }

    /** Netty would upgrade, and what came then would be read by another than the gate. */
    @ParameterizedTest
    @ValueSource(strings = {"x, h2c", "h2c, x", "h2c,", "x\r\nUpgrade: h2c"})
    void doesNotUpgradeToOneOfSeveral(String upgrade) {
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine);
                var client = new RawClient(house.port())) {
            String fields = "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nUpgrade: "
                    + upgrade + "\r\n";
            client.send(GET.formatted("tiny", fields)).readThrough("\"max_model_len\":256,");
            String said =
                    client.send(GET.formatted("one", "Connection: close\r\n")).readToEnd();
            assertThat(RawClient.statuses(said)).containsExactly(404);
        }
    }

    /** Who begins with a body is answered in HTTP/1.1, and can go on as it likes. */
    @Test
    void doesNotUpgradeWithABody() throws IOException, InterruptedException {
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            HttpResponse<String> response = client.send(house.chatRequest(HELLO).build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void speaksHttp2AtOnce() throws IOException {
        try (RunningHouse house = RunningHouse.open(folder, "", "", Map.of(), engine)) {
            String said = run(
                    "curl",
                    "--silent",
                    "--include",
                    "--http2-prior-knowledge",
                    "--json",
                    STREAM,
                    house.uri("/v1/chat/completions").toString());
            assertThat(said)
                    .startsWith("HTTP/2 200")
                    .contains("\"finish_reason\":\"stop\"")
                    .contains("data: [DONE]");
        }
    }

    @Test
    void speaksHttp2OverTls() throws IOException, InterruptedException {
        Certificates certificates = Certificates.make(folder);
        try (RunningHouse house = RunningHouse.open(folder, certificates.configuration(), "", Map.of(), engine);
                HttpClient client = HttpClient.newBuilder()
                        .sslContext(certificates.trusting())
                        .build()) {
            assertSpeaksHttp2(client, URI.create("https://localhost:" + house.port() + "/v1"));
        }
    }

    @Test
    void speaksHttp1OverTls() throws IOException, InterruptedException {
        Certificates certificates = Certificates.make(folder);
        try (RunningHouse house = RunningHouse.open(folder, certificates.configuration(), "", Map.of(), engine);
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(certificates.trusting())
                        .build()) {
            URI uri = URI.create("https://localhost:" + house.port() + "/v1/chat/completions");
            HttpResponse<String> response = client.send(chat(uri, STREAM), BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.body()).endsWith("data: [DONE]\n\n");
            HttpResponse<String> refused = client.send(
                    HttpRequest.newBuilder(uri).header("X", "x".repeat(17_000)).build(), BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(431);
        }
    }

    private static void assertSpeaksHttp2(HttpClient client, URI base) throws IOException, InterruptedException {
        HttpRequest models =
                HttpRequest.newBuilder(URI.create(base + "/models")).build();
        assertThat(client.send(models, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);
        HttpResponse<String> response =
                client.send(chat(URI.create(base + "/chat/completions"), STREAM), BodyHandlers.ofString());
        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).endsWith("data: [DONE]\n\n");
        assertThat(response.headers().firstValue("x-request-id")).isPresent();
    }

    private static HttpRequest chat(URI uri, String body) {
        return HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private String run(String... command) throws IOException {
        Path output = Files.createFile(folder.resolve("output"));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.onExit().join();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
