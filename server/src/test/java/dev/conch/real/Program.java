package dev.conch.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A program of the checkout, run as a user would, with its output in a file. Closing ends it and what it started. */
final class Program implements AutoCloseable {
    /** The checkout. */
    static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    /** Enough for a script that makes its checks ten times. */
    private static final int MINUTES = 5 * Math.max(1, Repeats.COUNT / 10);

    private final Process process;
    private final Path output;

    private Program(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a program; a relative name is relative to the checkout. */
    static Program start(Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("conch-it-", ".log");
            output.toFile().deleteOnExit();
            var builder = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CONCH_"));
            builder.environment().putAll(environment);
            return new Program(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program to its end and returns what it printed. */
    static String run(Map<String, String> environment, List<String> command) {
        try (Program program = start(environment, command)) {
            int exit = program.awaitEnd();
            if (exit != 0) {
                throw new AssertionError(command + " ended with " + exit + ":\n" + program.output());
            }
            return program.output();
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Processes that it has started and that run. */
    long children() {
        return process.children().filter(ProcessHandle::isAlive).count();
    }

    int awaitEnd() {
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("still running after %d minutes:\n%s".formatted(MINUTES, output()));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to end: SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** Ends it without letting it say goodbye. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    @Override
    public void close() {
        process.destroy();
        awaitEnd();
    }

    /** A port that nobody listens on at the moment. */
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
