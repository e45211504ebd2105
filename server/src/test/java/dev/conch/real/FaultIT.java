package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.Folded;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Load, clients that leave and an engine that dies, all of them real. */
class FaultIT {
    private RealTriton triton;
    private RealConch conch;

    @SuppressWarnings("NullAway.Init")
    FaultIT() {}

    @BeforeEach
    void start() {
        triton = new RealTriton();
        conch = new RealConch(triton);
    }

    @AfterEach
    void stop() {
        conch.close();
        triton.close();
    }

    @Test
    void sixteenStreamsComplete() {
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 16)
                .mapToObj(i -> conch.http().sendAsync(conch.request(body(i, 12)), BodyHandlers.ofString()))
                .toList();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            Folded folded = Folded.stream(answer.join().body());
            assertThat(folded.done()).isTrue();
            assertThat(folded.error()).isNull();
            assertThat(folded.finishReason()).isIn("stop", "length");
        }
    }

    @Test
    void aClientThatLeavesFreesItsPlaceInTheEngine() throws IOException {
        HttpResponse<InputStream> answer = conch.stream(body(0, 3000));
        assertThat(answer.body().read()).isPositive();
        assertThat(triton.activeRequests()).isEqualTo(1);
        answer.body().close();
        Waiting.until("the engine has dropped the request", () -> triton.activeRequests() == 0);
    }

    @Test
    void aClientThatLeavesDuringPrefillFreesItsPlaceToo() {
        CompletableFuture<HttpResponse<String>> answer =
                conch.http().sendAsync(conch.request(longPrompt()), BodyHandlers.ofString());
        Waiting.until("the prompt is in the engine", () -> triton.activeRequests() == 1);
        answer.cancel(true);
        Waiting.until("the engine has dropped the request", () -> triton.activeRequests() == 0);
    }

    @Test
    void anEngineThatDiesEndsItsStreamsWithOneErrorAndTheRestWithAStatus() throws IOException {
        HttpResponse<InputStream> running = conch.stream(body(0, 3000));
        assertThat(running.statusCode()).isEqualTo(200);
        assertThat(running.body().read()).isPositive();
        CompletableFuture<HttpResponse<String>> prefilling =
                conch.http().sendAsync(conch.request(longPrompt()), BodyHandlers.ofString());
        Waiting.until("both are in the engine", () -> triton.activeRequests() == 2);

        triton.kill();

        Folded cut = Folded.stream("d" + new String(running.body().readAllBytes(), StandardCharsets.UTF_8));
        assertThat(cut.error()).isEqualTo("upstream_interrupted");
        assertThat(cut.done()).as("no [DONE] after an error").isFalse();
        assertThat(prefilling.join().statusCode()).isEqualTo(503);
        assertThat(prefilling.join().body()).contains("\"code\":\"no_healthy_backend\"");
        assertThat(conch.chat(body(1, 4)).statusCode()).isEqualTo(503);
        assertThat(conch.readyStatus()).isEqualTo(503);
    }

    private static String body(int i, int maxTokens) {
        return "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":%d,\"messages\":[{\"role\":\"user\",\"content\":\"Tell me story number %d, a very long one.\"}]}"
                .formatted(RealConch.MODEL, maxTokens, i);
    }

    /** Takes the CPU model some seconds to read. */
    private static String longPrompt() {
        return "{\"model\":\"%s\",\"stream\":true,\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
                .formatted(RealConch.MODEL, "The sea is wide and deep. ".repeat(400));
    }
}
