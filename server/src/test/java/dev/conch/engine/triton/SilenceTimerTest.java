package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a loop whose clock stands still until the test moves it. */
class SilenceTimerTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private int silences;
    private final SilenceTimer timer = new SilenceTimer(new RequestLoop(clock.eventLoop()), () -> silences++);

    @BeforeEach
    void freezeTime() {
        clock.freezeTime();
    }

    @AfterEach
    void release() {
        clock.finishAndReleaseAll();
    }

    @Test
    void goesOffOnceAfterTheLimit() {
        timer.start(Duration.ofSeconds(32));
        pass(Duration.ofSeconds(32));
        assertThat(silences).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(silences).isEqualTo(1);
        pass(Duration.ofSeconds(100));
        assertThat(silences).isEqualTo(1);
    }

    @Test
    void beginsAnewWhenSomethingIsHeard() {
        timer.start(Duration.ofSeconds(32));
        pass(Duration.ofSeconds(30));
        timer.heard();
        pass(Duration.ofSeconds(32));
        assertThat(silences).isZero();
        pass(Duration.ofSeconds(1));
        assertThat(silences).isEqualTo(1);
    }

    @Test
    void takesTheLimitOfTheLastStart() {
        timer.start(Duration.ofSeconds(320));
        pass(Duration.ofSeconds(100));
        timer.start(Duration.ofSeconds(32));
        pass(Duration.ofSeconds(33));
        assertThat(silences).isEqualTo(1);
    }

    @Test
    void doesNotGoOffWhenStopped() {
        timer.start(Duration.ofSeconds(32));
        pass(Duration.ofSeconds(20));
        timer.stop();
        pass(Duration.ofSeconds(100));
        assertThat(silences).isZero();
    }

    @Test
    void doesNotTakeAPauseOfTheProcessForSilence() {
        timer.start(Duration.ofSeconds(32));
        clock.advanceTimeBy(1, TimeUnit.HOURS);
        clock.runScheduledPendingTasks();
        assertThat(silences).isZero();
    }

    private void pass(Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            clock.advanceTimeBy(1, TimeUnit.SECONDS);
            clock.runScheduledPendingTasks();
        }
    }
}
