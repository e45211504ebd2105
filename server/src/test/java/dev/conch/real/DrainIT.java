package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.Folded;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program at a signal, in front of a simulated Triton that says a token when it is told to, and has far more to say than is waited for. */
class DrainIT {
    private static final String CHAT =
            "{\"model\":\"%s\",\"max_tokens\":3000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .formatted(RealConch.MODEL);
    private static final String STREAM = CHAT.replace("{\"model\"", "{\"stream\":true,\"model\"");

    private final SimulatedTriton triton = SimulatedTriton.builder()
            .tcp(0)
            .pace(Pace.manual())
            .reply(Reply.generated(2000))
            .start();

    @TempDir
    Path folder;

    private RealConch conch;

    @SuppressWarnings("NullAway.Init")
    DrainIT() {}

    @BeforeEach
    void start() throws IOException {
        Path config = Files.writeString(folder.resolve("conch.yaml"), """
                server: { drain-timeout: 1h }
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

    /** Streams that have said something. */
    private List<HttpResponse<InputStream>> begin(int count) {
        List<CompletableFuture<HttpResponse<InputStream>>> answers = Stream.generate(
                        () -> conch.http().sendAsync(conch.request(STREAM), BodyHandlers.ofInputStream()))
                .limit(count)
                .toList();
        Waiting.until("every stream has begun", () -> {
            triton.step();
            return answers.stream().allMatch(CompletableFuture::isDone);
        });
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static CompletableFuture<Folded> rest(HttpResponse<InputStream> answer) {
        return CompletableFuture.supplyAsync(() -> {
            try (InputStream in = answer.body()) {
                return Folded.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void letsStreamsFinishAndEndsWell() {
        List<HttpResponse<InputStream>> running = begin(3);
        conch.terminate();
        Waiting.until("it is not ready", () -> conch.readyStatus() == 503);
        Waiting.until("it takes no new requests", () -> conch.status("/v1/models") == 503);
        HttpResponse<String> refused = conch.chat(CHAT);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("\"code\":\"shutting_down\"");
        List<CompletableFuture<Folded>> rest =
                running.stream().map(DrainIT::rest).toList();
        Waiting.until("every stream has ended", () -> {
            for (int i = 0; i < 100; i++) {
                triton.step();
            }
            return rest.stream().allMatch(CompletableFuture::isDone);
        });
        assertThat(rest).map(CompletableFuture::join).allSatisfy(folded -> {
            assertThat(folded.error()).isNull();
            assertThat(folded.done()).isTrue();
        });
        assertThat(conch.awaitEnd()).isZero();
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        HttpResponse<InputStream> running = begin(1).getFirst();
        conch.terminate();
        Waiting.until("it has heard the first", () -> conch.readyStatus() == 503);
        conch.terminate();
        Folded folded = rest(running).join();
        assertThat(folded.done()).isFalse();
        assertThat(folded.error()).isEqualTo("shutting_down");
        assertThat(conch.awaitEnd()).isZero();
        triton.awaitLive(0, Duration.ofSeconds(20));
    }
}
