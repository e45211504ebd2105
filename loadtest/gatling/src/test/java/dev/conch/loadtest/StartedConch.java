package dev.conch.loadtest;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The server as {@code bin/conch} starts it, in front of whatever listens on a port. */
final class StartedConch implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final int port = freePort();
    private final Process process;

    StartedConch(int tritonPort, File log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bin/conch")
                .directory(root().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONCH_"));
        builder.environment().put("CONCH_PORT", Integer.toString(port));
        builder.environment().put("CONCH_MANAGEMENT_PORT", "0");
        builder.environment().put("CONCH_TRITON_ADDRESSES", "127.0.0.1:" + tritonPort);
        process = builder.start();
        awaitReady(log);
    }

    private static Path root() {
        return Objects.requireNonNull(Path.of("..", "..").toAbsolutePath().normalize());
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    private void awaitReady(File log) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (status(http) != 200) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    close();
                    throw new AssertionError("Conch is not ready; it said:\n" + said(log));
                }
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }

    /** The test's folder is gone when somebody reads the report. */
    private static String said(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private int status(HttpClient http) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url() + "/ready")).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(1, TimeUnit.MINUTES)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
