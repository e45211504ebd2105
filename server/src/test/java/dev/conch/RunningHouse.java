package dev.conch;

import dev.conch.config.ConchConfiguration;
import dev.conch.config.ConfigurationReader;
import dev.conch.http.ManagementServer;
import dev.conch.model.ModelCatalog;
import dev.conch.tokenizer.Tokenizer;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The whole server on a free port, with the tiny model, and a client in front of it. */
final class RunningHouse implements AutoCloseable {
    private final ApplicationContext context;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningHouse(ApplicationContext context) {
        this.context = context;
    }

    /**
     * Opens the house.
     *
     * @param folder for its files; empty
     * @param server further keys of the configuration's section {@code server}, in YAML's flow style
     * @param triton likewise for the section {@code triton}
     * @param replacements beans that stand in for the real ones
     */
    static RunningHouse open(
            Path folder, String server, String triton, Map<String, String> environment, Object... replacements) {
        return open(folder, server, triton, "max-model-len: 256", environment, replacements);
    }

    /**
     * Opens the house.
     *
     * @param model likewise for the model, but for its name and folder
     */
    static RunningHouse open(
            Path folder,
            String server,
            String triton,
            String model,
            Map<String, String> environment,
            Object... replacements) {
        return openAny(folder, Map.of("server", server, "triton", triton), model, environment, replacements);
    }

    /**
     * Opens the house.
     *
     * @param streams likewise for the section {@code streams}
     */
    static RunningHouse withStreams(Path folder, String streams, Object... replacements) {
        return openAny(folder, Map.of("streams", streams), "max-model-len: 256", Map.of(), replacements);
    }

    /**
     * Opens the house.
     *
     * @param requests likewise for the section {@code requests}
     */
    static RunningHouse withRequests(Path folder, String requests, Object... replacements) {
        return openAny(folder, Map.of("requests", requests), "max-model-len: 256", Map.of(), replacements);
    }

    private static RunningHouse openAny(
            Path folder,
            Map<String, String> sections,
            String model,
            Map<String, String> environment,
            Object... replacements) {
        TestModel.into(folder.resolve("tiny"));
        var withPort = new HashMap<>(environment);
        withPort.putIfAbsent("CONCH_PORT", "0");
        withPort.putIfAbsent("CONCH_MANAGEMENT_PORT", "0");
        Path file = folder.resolve("conch.yaml");
        try {
            Files.writeString(file, yaml(sections) + "models: [{ name: tiny, folder: tiny, " + model + " }]\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ConchConfiguration configuration = ConfigurationReader.read(file, withPort);
        return new RunningHouse(Conch.start(configuration, replacements));
    }

    private static String yaml(Map<String, String> sections) {
        return sections.entrySet().stream()
                .map(section -> section.getKey() + ": { " + section.getValue() + " }\n")
                .collect(Collectors.joining());
    }

    int port() {
        return context.getBean(EmbeddedServer.class).getPort();
    }

    int managementPort() {
        return bean(ManagementServer.class).port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    Tokenizer tokenizer() {
        return bean(ModelCatalog.class).get(TestModel.NAME).tokenizer();
    }

    ApplicationContext context() {
        return context;
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    HttpRequest.Builder chatRequest(String body) {
        return request("/v1/chat/completions", body);
    }

    private HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    HttpResponse<String> chat(String body) {
        return send(chatRequest(body).build());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request(path, body).build());
    }

    /** The answer, with a body that is read as it comes. */
    HttpResponse<InputStream> stream(String body) {
        return stream("/v1/chat/completions", body);
    }

    HttpResponse<InputStream> stream(String path, String body) {
        try {
            return client.send(request(path, body).build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        context.close();
    }
}
