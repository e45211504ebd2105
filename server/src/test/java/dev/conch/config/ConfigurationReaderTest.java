package dev.conch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {
    private static final String MODELS = "models: [{ name: m, folder: models/m }]\n";

    @TempDir
    Path folder;

    @Test
    void defaults() throws IOException {
        ConchConfiguration configuration = read(MODELS);
        assertThat(configuration.server())
                .isEqualTo(new ConchConfiguration.Server(
                        "127.0.0.1",
                        8080,
                        List.of(),
                        10 << 20,
                        null,
                        1024,
                        0,
                        Duration.ofSeconds(5),
                        new ConchConfiguration.Connections(
                                Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(2), 10_000),
                        List.of(),
                        null,
                        new ConchConfiguration.Drain(Duration.ZERO, Duration.ofMinutes(5))));
        assertThat(configuration.triton())
                .isEqualTo(new ConchConfiguration.Triton(
                        List.of(InetSocketAddress.createUnresolved("127.0.0.1", 8001)),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        true));
        assertThat(configuration.models())
                .containsExactly(new ConchConfiguration.Model(
                        "m",
                        folder.resolve("models/m"),
                        "tensorrt_llm",
                        4096,
                        null,
                        null,
                        "auto",
                        List.of(),
                        false,
                        "auto",
                        "auto",
                        "reasoning_content"));
    }

    /** Their folders can be looked at although other parts are at fault. */
    @Test
    void tellsWhichModelsNothingIsWrongWith() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("""
                        server: { port: 99999 }
                        models:
                          - { name: a, folder: a }
                          - { name: b, folder: b, max-model-len: 1 }
                          - { name: c }
                        """))
                .satisfies(refusal -> assertThat(refusal.soundModels())
                        .extracting(ConchConfiguration.Model::name)
                        .containsExactly("a"));
    }

    @Test
    void readsEveryKeyOfTheServer() throws IOException {
        Files.writeString(folder.resolve("keys"), "# two keys\n k  # of a friend\n\na#b\n");
        ConchConfiguration configuration = read("""
                server: { host: 0.0.0.0, port: 9000, api-keys-file: keys, max-body-bytes: 2_000_000, max-concurrent-requests: 7,
                  max-held-body-bytes: 3_000_000,
                  max-queued-requests: 3, max-queue-wait: 2s,
                  header-timeout: 1s, body-timeout: 2s, idle-timeout: 3s, max-connections: 8, cors-allowed-origins: ["https://a"],
                  drain-delay: 4s, drain-timeout: 5s }
                """ + MODELS);
        assertThat(configuration.server())
                .isEqualTo(new ConchConfiguration.Server(
                        "0.0.0.0",
                        9000,
                        List.of("k", "a#b"),
                        2_000_000,
                        3_000_000,
                        7,
                        3,
                        Duration.ofSeconds(2),
                        new ConchConfiguration.Connections(
                                Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3), 8),
                        List.of("https://a"),
                        null,
                        new ConchConfiguration.Drain(Duration.ofSeconds(4), Duration.ofSeconds(5))));
    }

    @Test
    void readsEveryKeyOfRequestsAndTriton() throws IOException {
        ConchConfiguration configuration = read("""
                requests: { strict: true, max-choices: 3, max-stop-sequences: 5, max-tokens: 1000 }
                triton: { addresses: ["a:1", "b:2"], first-token-timeout: 500ms, stream-idle-timeout: 2m, answer-timeout: 1h,
                          subscriptions: false }
                """ + MODELS);
        assertThat(configuration.requests()).isEqualTo(new ConchConfiguration.Requests(true, 3, 5, 1000));
        assertThat(configuration.triton())
                .isEqualTo(new ConchConfiguration.Triton(
                        List.of(InetSocketAddress.createUnresolved("a", 1), InetSocketAddress.createUnresolved("b", 2)),
                        Duration.ofMillis(500),
                        Duration.ofMinutes(2),
                        Duration.ofHours(1),
                        false));
    }

    @Test
    void readsEveryKeyOfAModel() throws IOException {
        assertThat(model("""
                        name: x, folder: /models/x, engine-model: ex, max-model-len: 8192, chat-template: tool_use, content-format: openai,
                        chat-template-kwargs: [enable_thinking, style], allow-client-chat-template: true"""))
                .isEqualTo(new ConchConfiguration.Model(
                        "x",
                        Path.of("/models/x"),
                        "ex",
                        8192,
                        null,
                        "tool_use",
                        "openai",
                        List.of("enable_thinking", "style"),
                        true,
                        "auto",
                        "auto",
                        "reasoning_content"));
    }

    @Test
    void readsTheFormatsOfAModel() throws IOException {
        ConchConfiguration.Model formats =
                model("name: m, folder: y, tool-format: hermes, reasoning-format: none, reasoning-field: both");
        assertThat(List.of(formats.toolFormat(), formats.reasoningFormat(), formats.reasoningField()))
                .containsExactly("hermes", "none", "both");
        assertThat(formats.folder()).isEqualTo(folder.resolve("y"));
        assertThat(model("name: m, folder: y, chat-template: templates/y.jinja").chatTemplate())
                .isEqualTo(folder.resolve("templates/y.jinja").toString());
        assertThat(model("name: m, folder: y, chat-format: vicuna").chatFormat())
                .isEqualTo("vicuna");
    }

    private ConchConfiguration.Model model(String keys) throws IOException {
        return read("models: [{ " + keys + " }]\n").models().getFirst();
    }

    @Test
    void theEnvironmentOverrides() throws IOException {
        ConchConfiguration configuration = read(
                MODELS,
                Map.of("CONCH_PORT", "0", "CONCH_API_KEY", "secret\n", "CONCH_TRITON_ADDRESSES", "t:8101,u:8201"));
        assertThat(configuration.server().port()).isZero();
        assertThat(configuration.server().apiKeys()).containsExactly("secret");
        assertThat(configuration.server().toString()).doesNotContain("secret");
        assertThat(configuration.triton().addresses())
                .containsExactly(
                        InetSocketAddress.createUnresolved("t", 8101), InetSocketAddress.createUnresolved("u", 8201));
    }

    @Test
    void tellsAllFaultsAtOnceWithTheirLines() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("""
                        server: { port: 70000, prot: 1, api-keys-file: nowhere }
                        triton:
                          addresses: [nonsense]
                          stream-idle-timeout: soon
                        models:
                          - { folder: f }
                          - { name: a, folder: f, max-model-len: many }
                          - { name: a, folder: f }
                        modles: []
                        """, Map.of("CONCH_PORT", "web")))
                .satisfies(error -> assertThat(
                                String.valueOf(error.getMessage()).lines())
                        .anyMatch(line ->
                                line.startsWith("conch.yaml:1 server.port: 70000 (expected: a whole number from 0"))
                        .anyMatch(line -> line.startsWith(
                                "conch.yaml:1 server.prot: unknown key (expected: one of api-keys-file,"))
                        .anyMatch(line -> line.startsWith("conch.yaml:1 server.api-keys-file: ")
                                && line.contains("cannot be read"))
                        .anyMatch(
                                line -> line.startsWith("conch.yaml:3 triton.addresses: nonsense (expected: host:port"))
                        .anyMatch(line ->
                                line.startsWith("conch.yaml:4 triton.stream-idle-timeout: soon (expected: a duration"))
                        .anyMatch(line -> line.startsWith("conch.yaml:6 models[0].name: missing (expected:"))
                        .anyMatch(line -> line.startsWith("conch.yaml:7 models[1].max-model-len: many (expected:"))
                        .anyMatch(line ->
                                line.startsWith("conch.yaml:8 models[2].name: a (expected: a name that no other"))
                        .anyMatch(line -> line.startsWith("conch.yaml:9 modles: unknown key"))
                        .anyMatch(line -> line.startsWith("CONCH_PORT: web (expected: 0 to 65535)"))
                        .hasSize(10));
    }

    @Test
    void tellsWhatATemplateCannotBeGiven() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("""
                        models:
                          - { name: a, folder: f, content-format: parts, allow-client-chat-template: perhaps }
                          - { name: b, folder: f, chat-template-kwargs: [{ x: 1 }] }
                          - { name: c, folder: f, chat-template-kwargs: x }
                        """))
                .withMessageContaining("yaml:2 models[0].content-format: parts (expected: one of auto, string, openai)")
                .withMessageContaining("yaml:2 models[0].allow-client-chat-template: perhaps (expected: true or false)")
                .withMessageContaining("yaml:3 models[1].chat-template-kwargs: not a list of texts")
                .withMessageContaining("yaml:4 models[2].chat-template-kwargs: not a list");
    }

    @Test
    void aFileWithoutKeysDoesNotOpenTheDoor() throws IOException {
        Files.writeString(folder.resolve("keys"), "# all revoked\n\n");
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("server: { api-keys-file: keys }\n" + MODELS))
                .withMessageContaining("conch.yaml:1 server.api-keys-file: ")
                .withMessageContaining("holds no key");
    }

    @Test
    void refusesAKeyThatIsThereTwice() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("server:\n  port: 1\n  port: 2\n" + MODELS))
                .withMessageContaining("conch.yaml:3 server.port: a second time");
    }

    @Test
    void refusesAKeyThatIsNoText() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("server: { { x: 1 }: 1 }\n" + MODELS))
                .withMessageContaining("a key that is not a text");
    }

    @Test
    void refusesTwoWaysToMakePromptsAtOnce() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(
                        () -> read("models: [{ name: m, folder: m, chat-format: vicuna, chat-template: tool_use }]"))
                .withMessageContaining(
                        "conch.yaml:1 models[0].chat-format: vicuna (expected: either chat-format or chat-template)");
    }

    @Test
    void needsAtLeastOneModel() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("server: {}\n"))
                .withMessageContaining("models: missing");
    }

    @Test
    void saysWhichFileCannotBeRead() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> ConfigurationReader.read(folder.resolve("gone.yaml"), Map.of()))
                .withMessageContaining("gone.yaml: cannot be read");
    }

    @Test
    void refusesWhatIsNotYaml() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> read("server: [\n"))
                .withMessageContaining("not YAML");
    }

    private ConchConfiguration read(String yaml) throws IOException {
        return read(yaml, Map.of());
    }

    private ConchConfiguration read(String yaml, Map<String, String> environment) throws IOException {
        Path file = folder.resolve("conch.yaml");
        Files.writeString(file, yaml);
        return ConfigurationReader.read(file, environment);
    }
}
