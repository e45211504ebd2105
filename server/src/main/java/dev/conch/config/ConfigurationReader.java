package dev.conch.config;

import dev.conch.config.ConchConfiguration.Connections;
import dev.conch.config.ConchConfiguration.Drain;
import dev.conch.config.ConchConfiguration.Management;
import dev.conch.config.ConchConfiguration.Model;
import dev.conch.config.ConchConfiguration.Requests;
import dev.conch.config.ConchConfiguration.Server;
import dev.conch.config.ConchConfiguration.Streams;
import dev.conch.config.ConchConfiguration.Tls;
import dev.conch.config.ConchConfiguration.Triton;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads the configuration file and the environment that overrides it ({@code CONCH_PORT}, {@code CONCH_API_KEY},
 * {@code CONCH_TRITON_ADDRESSES}). Unknown keys are refused, and all faults are told at once.
 */
public final class ConfigurationReader {
    /** Begins a line, or follows a blank: a key may have a {@code #} inside. */
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");

    private static final String AUTO = "auto";
    private static final int DEFAULT_PORT = 8080;
    private static final int DEFAULT_MANAGEMENT_PORT = 9090;
    private static final int DEFAULT_MAX_CHOICES = 16;
    private static final int DEFAULT_MAX_STOP_SEQUENCES = 4;
    private static final int DEFAULT_MAX_REQUEST_TOKENS = 4_194_304;
    private static final Duration DEFAULT_KEEP_ALIVE_INTERVAL = Duration.ofSeconds(15);
    private static final int DEFAULT_MAX_BODY_BYTES = 10 << 20;
    private static final int DEFAULT_MAX_CONCURRENT_REQUESTS = 1024;
    private static final Duration DEFAULT_MAX_QUEUE_WAIT = Duration.ofSeconds(5);
    private static final Duration DEFAULT_HEADER_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_BODY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofMinutes(2);
    private static final int DEFAULT_MAX_CONNECTIONS = 10_000;
    private static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration DEFAULT_FIRST_TOKEN_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration DEFAULT_STREAM_IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration DEFAULT_ANSWER_TIMEOUT = Duration.ofMinutes(10);
    /** The first is the default. */
    private static final List<String> CONTENT_FORMATS = List.of(AUTO, "string", "openai");
    /** Likewise. */
    private static final List<String> REASONING_FIELDS = List.of("reasoning_content", "reasoning", "both");

    private final Path file;
    private final Map<String, String> environment;
    private final List<String> faults = new ArrayList<>();
    private final List<Model> soundModels = new ArrayList<>();

    private ConfigurationReader(Path file, Map<String, String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /**
     * Reads and checks the whole configuration.
     *
     * @param file relative paths in it are relative to its folder
     * @throws ConfigurationException naming every fault
     */
    public static ConchConfiguration read(Path file, Map<String, String> environment) {
        return new ConfigurationReader(file.toAbsolutePath().normalize(), environment).read();
    }

    private ConchConfiguration read() {
        YamlSection root = YamlSection.root(String.valueOf(file.getFileName()), compose(), faults);
        var configuration = new ConchConfiguration(
                server(root.section("server")),
                requests(root.section("requests")),
                streams(root.section("streams")),
                management(root.section("management")),
                triton(root.section("triton")),
                models(root));
        root.refuseUnknownKeys();
        if (!faults.isEmpty()) {
            throw new ConfigurationException(faults, soundModels);
        }
        return configuration;
    }

    private @Nullable Node compose() {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).compose(new StringReader(Files.readString(file)));
        } catch (IOException e) {
            throw new ConfigurationException(
                    List.of(file + ": cannot be read (expected: a YAML file; CONCH_CONFIG names another)"));
        } catch (YAMLException e) {
            throw new ConfigurationException(List.of(file + ": not YAML: " + e.getMessage()));
        }
    }

    private Server server(YamlSection section) {
        var server = new Server(
                section.text("host", "127.0.0.1"),
                environmentPort("CONCH_PORT", section.integer("port", DEFAULT_PORT, 0, 65_535)),
                apiKeys(section),
                section.integer("max-body-bytes", DEFAULT_MAX_BODY_BYTES, 1024, 1 << 30),
                section.optionalInteger("max-held-body-bytes", 1024, Integer.MAX_VALUE)
                        .orElse(null),
                section.integer("max-concurrent-requests", DEFAULT_MAX_CONCURRENT_REQUESTS, 1, 1_000_000),
                section.integer("max-queued-requests", 0, 0, 1_000_000),
                section.duration("max-queue-wait", DEFAULT_MAX_QUEUE_WAIT),
                connections(section),
                section.texts("cors-allowed-origins", List.of()),
                tls(section),
                new Drain(
                        section.durationOrZero("drain-delay", Duration.ZERO),
                        section.duration("drain-timeout", DEFAULT_DRAIN_TIMEOUT)));
        section.refuseUnknownKeys();
        return server;
    }

    private static Connections connections(YamlSection section) {
        return new Connections(
                section.duration("header-timeout", DEFAULT_HEADER_TIMEOUT),
                section.duration("body-timeout", DEFAULT_BODY_TIMEOUT),
                section.duration("idle-timeout", DEFAULT_IDLE_TIMEOUT),
                section.integer("max-connections", DEFAULT_MAX_CONNECTIONS, 1, 1_000_000));
    }

    private @Nullable Tls tls(YamlSection section) {
        Optional<Path> certificate = section.optionalText("tls-certificate").map(this::resolve);
        Optional<Path> key = section.optionalText("tls-key").map(this::resolve);
        if (certificate.isEmpty() && key.isEmpty()) {
            return null;
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            section.fault(
                    certificate.isEmpty() ? "tls-certificate" : "tls-key",
                    "missing (expected: tls-certificate and tls-key together)");
            return null;
        }
        new TlsFiles(section).check(certificate.get(), key.get());
        return new Tls(certificate.get(), key.get());
    }

    private List<String> apiKeys(YamlSection section) {
        var keys = new ArrayList<String>();
        section.optionalText("api-keys-file").ifPresent(file -> keys.addAll(keysIn(section, resolve(file))));
        String fromEnvironment = nonBlank(environment.get("CONCH_API_KEY"));
        if (fromEnvironment != null) {
            keys.add(fromEnvironment.strip());
        }
        return keys;
    }

    /** A file that is there and holds no key is a fault: it must not leave the door open. */
    private static List<String> keysIn(YamlSection section, Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            List<String> keys = lines.map(
                            line -> COMMENT.matcher(line).replaceFirst("").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (keys.isEmpty()) {
                section.fault("api-keys-file", file + ": holds no key (expected: one key a line)");
            }
            return keys;
        } catch (IOException | UncheckedIOException e) {
            section.fault("api-keys-file", file + ": cannot be read (expected: a text file with one key a line)");
            return List.of();
        }
    }

    private static Requests requests(YamlSection section) {
        var requests = new Requests(
                section.flag("strict", false),
                section.integer("max-choices", DEFAULT_MAX_CHOICES, 1, 128),
                section.integer("max-stop-sequences", DEFAULT_MAX_STOP_SEQUENCES, 1, 1024),
                section.integer("max-tokens", DEFAULT_MAX_REQUEST_TOKENS, 1, Integer.MAX_VALUE));
        section.refuseUnknownKeys();
        return requests;
    }

    private static Streams streams(YamlSection section) {
        var streams = new Streams(
                section.duration("keep-alive-interval", DEFAULT_KEEP_ALIVE_INTERVAL),
                section.optionalDuration("sse-commit-after").orElse(null));
        section.refuseUnknownKeys();
        return streams;
    }

    private Management management(YamlSection section) {
        var management = new Management(
                section.text("host", "127.0.0.1"),
                environmentPort("CONCH_MANAGEMENT_PORT", section.integer("port", DEFAULT_MANAGEMENT_PORT, 0, 65_535)));
        section.refuseUnknownKeys();
        return management;
    }

    private Triton triton(YamlSection section) {
        List<String> texts = section.texts("addresses", List.of("127.0.0.1:8001"));
        String override = nonBlank(environment.get("CONCH_TRITON_ADDRESSES"));
        var triton = new Triton(
                addresses(section, override == null ? texts : List.of(override.split(",", -1))),
                section.duration("first-token-timeout", DEFAULT_FIRST_TOKEN_TIMEOUT),
                section.duration("stream-idle-timeout", DEFAULT_STREAM_IDLE_TIMEOUT),
                section.duration("answer-timeout", DEFAULT_ANSWER_TIMEOUT),
                section.flag("subscriptions", true));
        section.refuseUnknownKeys();
        return triton;
    }

    private static List<InetSocketAddress> addresses(YamlSection section, List<String> texts) {
        if (texts.isEmpty()) {
            section.fault("addresses", "empty (expected: at least one host:port)");
        }
        return texts.stream()
                .flatMap(text -> address(section, text.strip()).stream())
                .toList();
    }

    private static Optional<InetSocketAddress> address(YamlSection section, String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return Optional.of(InetSocketAddress.createUnresolved(
                        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1))));
            }
        } catch (IllegalArgumentException e) {
            // falls through: a port that is no number or out of range is the same fault as none
        }
        section.fault("addresses", text + " (expected: host:port, such as 127.0.0.1:8001)");
        return Optional.empty();
    }

    private List<Model> models(YamlSection root) {
        List<YamlSection> sections = root.sections("models");
        if (sections.isEmpty()) {
            root.fault("models", "missing (expected: at least one model with name, folder and engine-model)");
        }
        var names = new HashSet<String>();
        return sections.stream().map(section -> model(section, names)).toList();
    }

    private Model model(YamlSection section, Set<String> names) {
        int faultsBefore = faults.size();
        var model = new Model(
                section.requiredText("name", "smollm2-135m-instruct"),
                resolve(section.requiredText("folder", "models/smollm2-135m-instruct")),
                section.text("engine-model", "tensorrt_llm"),
                section.integer("max-model-len", 4096, 2, 100_000_000),
                section.optionalText("chat-format").orElse(null),
                section.optionalText("chat-template").map(this::chatTemplate).orElse(null),
                section.oneOf("content-format", CONTENT_FORMATS),
                section.texts("chat-template-kwargs", List.of()),
                section.flag("allow-client-chat-template", false),
                section.text("tool-format", AUTO),
                section.text("reasoning-format", AUTO),
                section.oneOf("reasoning-field", REASONING_FIELDS));
        if (!names.add(model.name())) {
            section.fault("name", model.name() + " (expected: a name that no other model has)");
        }
        if (model.chatFormat() != null && model.chatTemplate() != null) {
            section.fault("chat-format", model.chatFormat() + " (expected: either chat-format or chat-template)");
        }
        section.refuseUnknownKeys();
        if (faults.size() == faultsBefore) {
            soundModels.add(model);
        }
        return model;
    }

    /** A name stays as it is. */
    private String chatTemplate(String nameOrPath) {
        boolean path = nameOrPath.contains("/") || nameOrPath.endsWith(".jinja");
        return path ? resolve(nameOrPath).toString() : nameOrPath;
    }

    private int environmentPort(String variable, int configured) {
        String text = nonBlank(environment.get(variable));
        if (text == null) {
            return configured;
        }
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // falls through to the fault
        }
        faults.add(variable + ": " + text + " (expected: 0 to 65535)");
        return configured;
    }

    private Path resolve(String path) {
        return Objects.requireNonNull(file.getParent()).resolve(path).normalize();
    }

    private static @Nullable String nonBlank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
