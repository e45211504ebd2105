package dev.conch.sim.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.conch.sim.engine.Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Answers {@code GET /metrics} with the engine's gauges as they are at that moment. Thread-safe. */
public final class MetricsPort implements AutoCloseable {
    private final HttpServer server;
    private final Engine engine;
    private final String model;

    private MetricsPort(HttpServer server, Engine engine, String model) {
        this.server = server;
        this.engine = engine;
        this.model = model;
    }

    /**
     * Listens.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public static MetricsPort open(String host, int port, Engine engine, String model) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
            MetricsPort metrics = new MetricsPort(server, engine, model);
            server.createContext("/metrics", metrics::answer);
            server.start();
            return metrics;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text =
                    Gauges.text(model, engine.statistics().join(), Instant.now().getEpochSecond());
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
