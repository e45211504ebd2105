package dev.conch.telemetry;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The figures of the house, all in one registry. Every one of them: {@code docs/metrics.md}. Thread-safe. */
public final class Figures implements AutoCloseable {
    private final CoarseClock clock;
    private final PrometheusMeterRegistry registry;

    public Figures(InstantSource wallClock, NanoClock nanoClock) {
        this.clock = new CoarseClock(wallClock, nanoClock);
        this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
        // Two meters of one name with different labels are a mistake of ours; by default the second is left out in
        // silence.
        registry.throwExceptionOnRegistrationFailure();
    }

    /** All figures in Prometheus' text format 0.0.4, {@code text/plain; version=0.0.4; charset=utf-8}. */
    public String scrape() {
        clock.advance();
        return registry.scrape();
    }

    /** Adds figures that somebody else knows how to take. */
    public void bind(MeterBinder figures) {
        figures.bindTo(registry);
    }

    /** Adds a figure that is asked for at each scrape. */
    public void gauge(String name, String meaning, Tags labels, Supplier<Number> figure) {
        Gauge.builder(name, figure).description(meaning).tags(labels).register(registry);
    }

    MeterRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        registry.close();
    }

    /**
     * Micrometer asks for the time of day at each record, once or twice, to let maxima grow old. The time of the last scrape will do, and
     * costs nothing when a token is counted.
     */
    private static final class CoarseClock implements Clock {
        private final InstantSource wallClock;
        private final NanoClock nanoClock;
        private volatile long wallTime;

        CoarseClock(InstantSource wallClock, NanoClock nanoClock) {
            this.wallClock = wallClock;
            this.nanoClock = nanoClock;
            this.wallTime = wallClock.millis();
        }

        void advance() {
            wallTime = wallClock.millis();
        }

        @Override
        public long wallTime() {
            return wallTime;
        }

        @Override
        public long monotonicTime() {
            return nanoClock.nanos();
        }
    }
}
