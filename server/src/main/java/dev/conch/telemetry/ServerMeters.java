package dev.conch.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;

/** The figures about the door: exchanges, errors, the queue. Thread-safe. */
public final class ServerMeters {
    private static final Duration[] EXCHANGE =
            seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300);
    private static final Duration[] QUEUE_WAIT = seconds(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

    private final MeterRegistry registry;

    public ServerMeters(Figures figures) {
        this.registry = figures.registry();
    }

    /** An exchange is over. */
    void answered(String method, String route, int status, long nanos) {
        Timer.builder("http.server.requests")
                .description("Exchanges, from the request's head to the end of the answer")
                .tags("method", method, "route", route, "status", Integer.toString(status))
                .serviceLevelObjectives(EXCHANGE)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A failure that a client was told. */
    void error(String code) {
        count("inference.errors", "Failures that clients were told, by OpenAI's error.code", Tags.of("code", code), 1);
    }

    /** A stream that had begun did not come to its end. */
    void cutShort(String cause) {
        count("inference.stream.aborts", "Streams that had begun and were cut short", Tags.of("cause", cause), 1);
    }

    /** Fields of a request that nobody defined were let pass. */
    void ignored(int fields) {
        count(
                "inference.ignored.parameters",
                "Fields that nobody defined and that were let pass",
                Tags.empty(),
                fields);
    }

    /** A request was turned away at the door. */
    public void shed(String reason) {
        count("inference.shed", "Requests that were turned away to protect the others", Tags.of("reason", reason), 1);
    }

    /** A request has left the queue. */
    public void queueLeft(String end, long nanos) {
        Timer.builder("inference.queue.wait")
                .description("Time in the queue, of requests that had to wait")
                .tags("end", end)
                .serviceLevelObjectives(QUEUE_WAIT)
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }

    private void count(String name, String meaning, Tags labels, int number) {
        Counter.builder(name)
                .description(meaning)
                .tags(labels)
                .register(registry)
                .increment(number);
    }

    private static Duration[] seconds(double... boundaries) {
        return DoubleStream.of(boundaries)
                .mapToObj(boundary -> Duration.ofNanos(Math.round(boundary * 1e9)))
                .toArray(Duration[]::new);
    }
}
