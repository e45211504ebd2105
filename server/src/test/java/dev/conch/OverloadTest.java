package dev.conch;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ScriptedEngine.end;
import static dev.conch.engine.ScriptedEngine.pause;
import static dev.conch.engine.ScriptedEngine.say;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.admission.AdmissionController;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.ScriptedEngine;
import dev.conch.http.BodyMemory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the house does with more requests than it has places for. */
class OverloadTest {
    private static final int TOO_MANY = 200;
    private static final String CHAT =
            "{\"model\":\"tiny\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final ScriptedEngine engine = new ScriptedEngine(say(300), pause(), end(End.STOP));

    @TempDir
    Path folder;

    @Test
    void refusesEveryOneOfThemWell() throws IOException {
        try (RunningHouse house = open("max-concurrent-requests: 2")) {
            HttpResponse<InputStream> first = house.stream(CHAT);
            HttpResponse<InputStream> second = house.stream(CHAT);
            for (int i = 0; i < TOO_MANY; i++) {
                assertRefused(house.chat(CHAT));
            }
            assertThat(engine.requests()).hasSize(2);
            engine.resume();
            engine.resume();
            assertThat(text(first)).endsWith("data: [DONE]\n\n");
            assertThat(text(second)).endsWith("data: [DONE]\n\n");
            assertEmpty(house);
        }
    }

    @Test
    void letsThoseInWhoWaitAsOthersLeave() throws IOException {
        try (RunningHouse house = open("max-concurrent-requests: 1, max-queued-requests: 1, max-queue-wait: 1m")) {
            HttpResponse<InputStream> inside = house.stream(CHAT);
            CompletableFuture<HttpResponse<InputStream>> waiting =
                    CompletableFuture.supplyAsync(() -> house.stream(CHAT));
            awaitQueued(house, 1);
            assertRefused(house.chat(CHAT));
            engine.resume();
            assertThat(text(inside)).endsWith("data: [DONE]\n\n");
            HttpResponse<InputStream> admitted = waiting.join();
            assertThat(admitted.statusCode()).isEqualTo(200);
            engine.resume();
            assertThat(text(admitted)).endsWith("data: [DONE]\n\n");
            assertEmpty(house);
        }
    }

    @Test
    void letsTheMostUrgentInFirst() throws IOException {
        try (RunningHouse house = open("max-concurrent-requests: 1, max-queued-requests: 2, max-queue-wait: 1m")) {
            HttpResponse<InputStream> inside = house.stream(withSeed(1, 0));
            var patient = CompletableFuture.supplyAsync(() -> house.chat(withSeed(2, 1)));
            awaitQueued(house, 1);
            var urgent = CompletableFuture.supplyAsync(() -> house.chat(withSeed(3, -1)));
            awaitQueued(house, 2);
            engine.resume();
            assertThat(text(inside)).endsWith("data: [DONE]\n\n");
            engine.resume();
            assertThat(urgent.join().statusCode()).isEqualTo(200);
            engine.resume();
            assertThat(patient.join().statusCode()).isEqualTo(200);
            assertThat(engine.requests())
                    .extracting(request -> request.sampling().seed())
                    .containsExactly(1L, 3L, 2L);
            assertEmpty(house);
        }
    }

    private static String withSeed(long seed, int priority) {
        return CHAT.replace("{\"model\"", "{\"seed\":%d,\"priority\":%d,\"model\"".formatted(seed, priority));
    }

    @Test
    void refusesWhoHasWaitedTooLong() throws IOException {
        try (RunningHouse house = open("max-concurrent-requests: 1, max-queued-requests: 1, max-queue-wait: 1ms")) {
            HttpResponse<InputStream> inside = house.stream(CHAT);
            assertRefused(house.chat(CHAT));
            assertThat(engine.requests()).hasSize(1);
            engine.resume();
            inside.body().readAllBytes();
            assertEmpty(house);
        }
    }

    @Test
    void forgetsWhoHasLeftTheQueue() throws IOException {
        try (RunningHouse house = open("max-concurrent-requests: 1, max-queued-requests: 1, max-queue-wait: 1m")) {
            HttpResponse<InputStream> inside = house.stream(CHAT);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), house.port())) {
                String request =
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                .formatted(CHAT.length(), CHAT);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                awaitQueued(house, 1);
            }
            awaitQueued(house, 0);
            engine.resume();
            inside.body().readAllBytes();
            assertEmpty(house);
            assertThat(engine.requests()).hasSize(1);
        }
    }

    @Test
    void whoOnlyEncodesTakesAPlaceToo() throws IOException {
        try (RunningHouse house = open("max-concurrent-requests: 1")) {
            HttpResponse<InputStream> inside = house.stream(CHAT);
            String tokenize = "{\"model\":\"tiny\",\"prompt\":\"hi\"}";
            assertRefused(house.post("/tokenize", tokenize));
            assertRefused(house.post("/detokenize", "{\"model\":\"tiny\",\"tokens\":[1]}"));
            assertRefused(house.post("/v1/chat/completions/render", CHAT));
            engine.resume();
            inside.body().readAllBytes();
            assertEmpty(house);
            assertThat(house.post("/tokenize", tokenize).statusCode()).isEqualTo(200);
            assertEmpty(house);
        }
    }

    /** Half a body that nobody sends the rest of takes up memory like any other. */
    @Test
    void takesNoMoreBodiesThanThereIsMemoryFor() {
        try (RunningHouse house = open("max-body-bytes: 4096, max-held-body-bytes: 6000")) {
            BodyMemory memory = house.bean(BodyMemory.class);
            try (var slow = new RawClient(house.port())) {
                slow.send("POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 4096\r\n\r\n" + " ".repeat(4000));
                eventually(() -> assertThat(memory.held()).isEqualTo(4000));
                HttpResponse<String> refused = house.chat(CHAT + " ".repeat(2000));
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("retry-after")).isPresent();
                assertThat(refused.body()).contains("\"code\":\"overloaded\"");
                assertThat(house.chat(CHAT.replace("tiny", "none")).statusCode())
                        .isEqualTo(404);
            }
            eventually(() -> assertThat(memory.held()).isZero());
        }
    }

    /** What was compressed takes up its true size as well. */
    @Test
    void countsWhatABodyIsDecodedTo() throws IOException {
        try (RunningHouse house = open("max-body-bytes: 65536, max-held-body-bytes: 65536")) {
            var gzipped = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(gzipped)) {
                gzip.write((CHAT + " ".repeat(65536 - CHAT.length())).getBytes(StandardCharsets.US_ASCII));
            }
            HttpRequest request = HttpRequest.newBuilder(house.uri("/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(gzipped.toByteArray()))
                    .build();
            HttpResponse<String> refused = house.send(request);
            assertThat(refused.statusCode()).isEqualTo(503);
            eventually(() -> assertThat(house.bean(BodyMemory.class).held()).isZero());
        }
    }

    @Test
    void letsGoOfABodyWhenItsAnswerBegins() throws IOException {
        try (RunningHouse house = open("")) {
            HttpResponse<InputStream> inside = house.stream(CHAT);
            eventually(() -> assertThat(house.bean(BodyMemory.class).held()).isZero());
            engine.resume();
            inside.body().readAllBytes();
        }
    }

    private RunningHouse open(String server) {
        return RunningHouse.open(folder, server, "", Map.of(), engine);
    }

    private static void awaitQueued(RunningHouse house, int requests) {
        eventually(
                () -> assertThat(house.bean(AdmissionController.class).queued()).isEqualTo(requests));
    }

    private static void assertEmpty(RunningHouse house) {
        eventually(
                () -> assertThat(house.bean(AdmissionController.class).inside()).isZero());
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 10);
        assertThat(answer.body())
                .startsWith("{\"error\":{\"message\":\"The server is at its limit of concurrent requests.")
                .contains("\"type\":\"server_error\"", "\"code\":\"overloaded\"");
    }

    private static String text(HttpResponse<InputStream> answer) throws IOException {
        return new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    }
}
