package dev.conch.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpstreamWatchTest {
    private final Figures figures = new Figures(() -> Instant.EPOCH, () -> 0);
    private Map<String, Boolean> states = Map.of();

    @AfterEach
    void close() {
        figures.close();
    }

    @Test
    void showsWhatTheLastQuestionFound() {
        UpstreamWatch watch = watch();
        watch.ask();
        assertThat(figures.scrape()).doesNotContain("up{");
        states = Map.of("a:1", true, "b:2", false);
        watch.ask();
        assertThat(figures.scrape().lines()).contains("up{replica=\"a:1\"} 1.0", "up{replica=\"b:2\"} 0.0");
        states = Map.of("a:1", false, "b:2", true);
        watch.ask();
        assertThat(figures.scrape().lines()).contains("up{replica=\"a:1\"} 0.0", "up{replica=\"b:2\"} 1.0");
    }

    private UpstreamWatch watch() {
        return new UpstreamWatch(
                figures, "up", "Whether it is", "replica", () -> CompletableFuture.completedFuture(states));
    }

    @Test
    void asksAgainAndAgain() throws InterruptedException {
        var asked = new CountDownLatch(3);
        var watch = new UpstreamWatch(figures, "up", "Whether it is", "replica", () -> {
            asked.countDown();
            return CompletableFuture.completedFuture(Map.of());
        });
        try (var _ = UpstreamPoll.start(List.of(watch), Duration.ofMillis(1))) {
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
