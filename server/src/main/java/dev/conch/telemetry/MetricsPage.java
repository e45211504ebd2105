package dev.conch.telemetry;

/** All figures as text, for whoever scrapes {@code GET /metrics} on the management port. Thread-safe; may block for a moment. */
public interface MetricsPage {

    /** The figures of this moment, in the format that {@link #contentType} names. */
    String text();

    /** Prometheus' text format. */
    default String contentType() {
        return "text/plain; version=0.0.4; charset=utf-8";
    }
}
