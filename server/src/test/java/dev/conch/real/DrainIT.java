package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.Folded;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program at a signal: in front of a simulated Triton that says a token when it is told to. */
class DrainIT {
    private static final int TOKENS = 4;
    private static final String STREAM =
            "{\"model\":\"%s\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .formatted(RealConch.MODEL);

    private final SimulatedTriton triton = SimulatedTriton.builder()
            .tcp(0)
            .pace(Pace.manual())
            .reply(Reply.generated(TOKENS))
            .start();

    @TempDir
    Path folder;

    private RealConch conch;

    @SuppressWarnings("NullAway.Init")
    DrainIT() {}

    @BeforeEach
    void start() throws IOException {
        Path config = Files.writeString(folder.resolve("conch.yaml"), """
                server: { drain-delay: 500ms, drain-timeout: 1h }
                models: [{ name: %s, folder: %s }]
                """.formatted(
                        RealConch.MODEL, Program.ROOT.resolve("models").resolve(RealConch.MODEL)));
        conch = new RealConch(triton.port(), Map.of("CONCH_CONFIG", config.toString()));
    }

    @AfterEach
    void stop() {
        conch.close();
        triton.close();
    }

    private HttpResponse<InputStream> begin() throws InterruptedException {
        var answer = java.util.concurrent.CompletableFuture.supplyAsync(() -> conch.stream(STREAM));
        triton.awaitRequests(1, java.time.Duration.ofSeconds(20));
        triton.step();
        return answer.join();
    }

    private static Folded end(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream in = answer.body()) {
            return Folded.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void letsAStreamFinishAndEndsWell() throws Exception {
        HttpResponse<InputStream> running = begin();
        conch.terminate();
        Waiting.until("it is not ready", () -> conch.readyStatus() == 503);
        Waiting.until("it takes no new requests", () -> conch.status("/v1/models") == 503);
        for (int i = 1; i < TOKENS; i++) {
            triton.step();
        }
        Folded folded = end(running);
        assertThat(folded.done()).isTrue();
        assertThat(folded.error()).isNull();
        assertThat(conch.awaitEnd()).isZero();
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        HttpResponse<InputStream> running = begin();
        conch.terminate();
        Waiting.until("it has heard the first", () -> conch.readyStatus() == 503);
        conch.terminate();
        Folded folded = end(running);
        assertThat(folded.done()).isFalse();
        assertThat(folded.error()).isNotNull();
        assertThat(conch.awaitEnd()).isZero();
    }
}
