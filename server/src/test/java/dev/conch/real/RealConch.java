package dev.conch.real;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The server as {@code bin/conch} starts it, in front of a real Triton. */
final class RealConch implements AutoCloseable {
    static final String MODEL = "smollm2-135m-instruct";
    static final String API_KEY = "sk-test";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port = Program.freePort();
    private final Program program;

    /** Starts it and waits until it is ready. */
    RealConch(RealTriton triton) {
        this(triton.grpcPort(), Map.of());
    }

    /** Likewise, before whatever listens on that port, with variables of its own. */
    RealConch(int tritonPort, Map<String, String> variables) {
        var environment = new HashMap<>(variables);
        environment.put("CONCH_PORT", Integer.toString(port));
        environment.put("CONCH_MANAGEMENT_PORT", "0");
        environment.put("CONCH_API_KEY", API_KEY);
        environment.put("CONCH_TRITON_ADDRESSES", "127.0.0.1:" + tritonPort);
        program = Program.start(environment, List.of("bin/conch"));
        try {
            Waiting.until("Conch is ready", this::ready);
        } catch (AssertionError | RuntimeException e) {
            close();
            throw e;
        }
    }

    private boolean ready() {
        if (!program.alive()) {
            throw new IllegalStateException("Conch has ended:\n" + program.output());
        }
        return readyStatus() == 200;
    }

    String baseUrl() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    /** What the SDKs' scripts are told. */
    Map<String, String> environment() {
        var environment = new HashMap<String, String>();
        environment.put("CONCH_BASE_URL", baseUrl());
        environment.put("CONCH_API_KEY", API_KEY);
        environment.put(Repeats.VARIABLE, String.valueOf(Repeats.COUNT));
        return environment;
    }

    int readyStatus() {
        return status("/ready");
    }

    /** What a GET of this path is answered with; 0: nobody listens. */
    int status(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .header("Authorization", "Bearer " + API_KEY)
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> chat(String body) {
        return send(request(body), BodyHandlers.ofString());
    }

    HttpResponse<InputStream> stream(String body) {
        return send(request(body), BodyHandlers.ofInputStream());
    }

    /** @param path below the base URL, such as {@code /completions} */
    HttpResponse<String> post(String path, String body) {
        return send(request(path, body), BodyHandlers.ofString());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest request(String body) {
        return request("/chat/completions", body);
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(URI.create(baseUrl() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + API_KEY)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    HttpClient http() {
        return http;
    }

    /** Sends SIGTERM. */
    void terminate() {
        program.terminate();
    }

    /** Its exit status, once it has one. */
    int awaitEnd() {
        return program.awaitEnd();
    }

    String log() {
        return program.output();
    }

    @Override
    public void close() {
        http.shutdownNow();
        program.close();
    }
}
