package dev.conch.engine.triton;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Does something once nothing was heard for a time. Hearing happens for every token and has to cost next to nothing, so neither a clock
 * is read nor a timer set anew: a slow tick counts how often it found silence. Late by one tick at most (a 32nd of the limit), never
 * early, and after a pause of the whole process one tick counts for all that were missed. Not thread-safe: lives on one event loop.
 */
final class SilenceTimer {
    private static final int TICKS = 32;

    private final RequestLoop loop;
    private final Runnable onSilence;
    private @Nullable Future<?> ticking;
    private int silentTicks;

    SilenceTimer(RequestLoop loop, Runnable onSilence) {
        this.loop = loop;
        this.onSilence = onSilence;
    }

    /** Begins to listen, or begins anew with another limit. */
    void start(Duration limit) {
        stop();
        silentTicks = 0;
        ticking = loop.every(limit.dividedBy(TICKS), this::tick);
    }

    void heard() {
        silentTicks = 0;
    }

    void stop() {
        if (ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    private void tick() {
        // The first tick after a sign of life has seen less than a whole period of silence.
        if (ticking != null && silentTicks++ == TICKS) {
            stop();
            onSilence.run();
        }
    }
}
