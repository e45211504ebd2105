package dev.conch.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NVIDIA's tritonserver with the CPU model, or with another one. */
final class RealTriton implements AutoCloseable {
    private static final Pattern ACTIVE =
            Pattern.compile("^nv_trt_llm_request_metrics\\{.*request_type=\"active\".*} ([0-9.]+)$", Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newHttpClient();
    private final int grpcPort = Program.freePort();
    private final int httpPort = Program.freePort();
    private final int metricsPort = Program.freePort();
    private final Program program;

    /**
     * Starts it and waits until it is ready.
     *
     * @param settings of the model, such as {@code deterministic=true}
     */
    RealTriton(String... settings) {
        this("--set", List.of(settings));
    }

    private RealTriton(String option, List<String> values) {
        var command = new ArrayList<>(List.of(
                "triton-models/bin/serve",
                "--grpc-port",
                Integer.toString(grpcPort),
                "--http-port",
                Integer.toString(httpPort),
                "--metrics-port",
                Integer.toString(metricsPort)));
        values.forEach(value -> command.addAll(List.of(option, value)));
        program = Program.start(Map.of(), command);
        Waiting.until("Triton is ready", () -> {
            if (!program.alive()) {
                throw new IllegalStateException("Triton has ended:\n" + program.output());
            }
            return status("http://127.0.0.1:" + httpPort + "/v2/health/ready") == 200;
        });
    }

    /** Starts it with the models of this repository. */
    static RealTriton serving(Path repository) {
        return new RealTriton("--repository", List.of(repository.toString()));
    }

    int grpcPort() {
        return grpcPort;
    }

    /** Requests inside the engine now, waiting ones included, as its own gauge says. */
    double activeRequests() {
        Matcher matcher = ACTIVE.matcher(
                get("http://127.0.0.1:" + metricsPort + "/metrics").body());
        if (!matcher.find()) {
            throw new AssertionError("no gauge of active requests");
        }
        return Double.parseDouble(Objects.requireNonNull(matcher.group(1)));
    }

    /** Gives a parameter of the model another value, for the next load: one of what has not changed does nothing. */
    void change(String parameter, String value) throws IOException {
        Path configuration = Program.ROOT.resolve(".conch/run/" + grpcPort + "/tensorrt_llm/config.pbtxt");
        String before = Files.readString(configuration);
        String after = before.replaceFirst(
                "(key: \"%s\" value \\{ string_value: )\"[^\"]*\"".formatted(parameter), "$1\"" + value + "\"");
        assertThat(after).isNotEqualTo(before);
        Files.writeString(configuration, after);
    }

    /** Instances of the model: each is a process. */
    long instances() {
        return program.children();
    }

    private int status(String uri) {
        try {
            return get(uri).statusCode();
        } catch (IllegalStateException e) {
            return 0;
        }
    }

    private HttpResponse<String> get(String uri) {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends it as a crash would. */
    void kill() {
        program.kill();
    }

    @Override
    public void close() {
        http.close();
        program.close();
    }
}
