package dev.conch;

import dev.conch.config.ConchConfiguration;
import dev.conch.config.ConfigurationException;
import dev.conch.config.ConfigurationReader;
import dev.conch.http.ManagementServer;
import dev.conch.model.ModelLoadException;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.exceptions.BeanInstantiationException;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.Micronaut;
import io.micronaut.runtime.exceptions.ApplicationStartupException;
import io.micronaut.runtime.server.EmbeddedServer;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program. */
public final class Conch {
    private static final Logger LOG = LoggerFactory.getLogger(Conch.class);
    /** {@code EX_CONFIG} of sysexits: the configuration is at fault, starting again is of no use. */
    private static final int EXIT_CONFIGURATION = 78;

    private static final String CHECK = "--check-config";

    /** Micronaut's word for: throw, do not end the process with a stack trace of your own. */
    private static final int TELL_ME = 0;

    private static final int CODEC_HEAD_BYTES = 64 << 10;
    private static final int HTTP2_STREAMS = 256;
    private static final Duration IDLE_MARGIN = Duration.ofMinutes(5);

    private Conch() {}

    /**
     * Serves until it is told to stop, or with {@code --check-config} says what is wrong with the configuration and ends. {@code CONCH_CONFIG}
     * names its file, {@code conch.yaml} if it is not set.
     */
    public static void main(String[] args) {
        boolean onlyCheck = args.length == 1 && args[0].equals(CHECK);
        if (args.length > 0 && !onlyCheck) {
            refuse("%s: unknown argument (expected: %s or none; CONCH_CONFIG names the configuration)"
                    .formatted(args[0].equals(CHECK) ? args[1] : args[0], CHECK));
        }
        Map<String, String> environment = System.getenv();
        Path file = Path.of(environment.getOrDefault("CONCH_CONFIG", "conch.yaml"));
        try {
            ConchConfiguration configuration = ConfigurationReader.read(file, environment);
            if (onlyCheck) {
                check(file, configuration);
                return;
            }
            ApplicationContext context = start(configuration);
            Shutdown.atSignals(context, configuration.server().drain());
        } catch (ConfigurationException e) {
            refuse(allFaults(e));
        } catch (ApplicationStartupException e) {
            refuse(operatorsFault(e));
        }
    }

    private static void check(Path file, ConchConfiguration configuration) {
        List<String> faults = Wiring.faultsOf(configuration.models());
        if (!faults.isEmpty()) {
            refuse(String.join(System.lineSeparator(), faults));
        }
        System.out.println(file + ": no faults");
    }

    /** Folders are looked at even so: who mends a configuration wants to do it once. */
    private static String allFaults(ConfigurationException e) {
        return Stream.concat(Stream.of(String.valueOf(e.getMessage())), Wiring.faultsOf(e.soundModels()).stream())
                .collect(Collectors.joining(System.lineSeparator()));
    }

    private static void refuse(@Nullable String reason) {
        System.err.println(reason);
        System.exit(EXIT_CONFIGURATION);
    }

    /** What an operator can mend is told in one line; anything else is a fault of the program and keeps its stack. */
    private static String operatorsFault(RuntimeException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ModelLoadException) {
                return String.valueOf(cause.getMessage());
            }
        }
        if (isPortInUse(failure)) {
            return "The port is in use: end what listens there or choose another with CONCH_PORT=<port>.";
        }
        throw failure;
    }

    private static boolean isPortInUse(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException
                    && String.valueOf(cause.getMessage()).contains("Address already in use")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Starts the server; closing what is returned stops it.
     *
     * @param replacements beans that stand in for the wiring's own
     */
    static ApplicationContext start(ConchConfiguration configuration, Object... replacements) {
        ApplicationContext context = Micronaut.build(new String[0])
                .mapError(BeanInstantiationException.class, _ -> TELL_ME)
                .mapError(ServerStartupException.class, _ -> TELL_ME)
                .mapError(ApplicationStartupException.class, _ -> TELL_ME)
                .mainClass(Conch.class)
                .banner(false)
                .deduceEnvironment(false)
                .properties(properties(configuration))
                .singletons(configuration)
                .singletons(replacements)
                .start();
        openManagement(context);
        LOG.info("listening on {}", context.getBean(EmbeddedServer.class).getURI());
        return context;
    }

    /** Last, so that who asks there finds a server that is complete. */
    private static void openManagement(ApplicationContext context) {
        try {
            context.getBean(ManagementServer.class).start();
        } catch (ServerStartupException e) {
            context.close();
            if (!isPortInUse(e)) {
                throw e;
            }
            throw new ConfigurationException(
                    List.of(
                            "The management port is in use: end what listens there or choose another with CONCH_MANAGEMENT_PORT=<port>."));
        }
    }

    private static Map<String, Object> properties(ConchConfiguration configuration) {
        ConchConfiguration.Server server = configuration.server();
        var properties = new HashMap<String, Object>();
        properties.put("micronaut.application.name", "conch");
        properties.put("micronaut.server.host", server.host());
        properties.put("micronaut.server.port", server.port());
        properties.put("micronaut.server.max-request-size", server.maxBodyBytes());
        properties.put("micronaut.server.netty.max-request-buffer-size", server.maxBodyBytes());
        // Bodies are decoded where their size is watched, and their coding is refused by name.
        properties.put("micronaut.server.netty.request-decompression-enabled", false);
        // Micronaut would compress all text, streams too, each with a compressor of its own that is flushed for every
        // chunk. Who wants it has a proxy for it.
        properties.put("micronaut.server.netty.compression-threshold", -1);
        // What a head may have is the gate's decision (ConnectionLimits); these are there so that the codec has no
        // other.
        properties.put("micronaut.server.netty.max-initial-line-length", CODEC_HEAD_BYTES);
        properties.put("micronaut.server.netty.max-header-size", CODEC_HEAD_BYTES);
        properties.put("micronaut.server.netty.http2.max-header-list-size", CODEC_HEAD_BYTES);
        properties.put("micronaut.server.netty.http2.max-concurrent-streams", HTTP2_STREAMS);
        properties.put("micronaut.server.idle-timeout", idleTimeout(configuration.triton()));
        properties.put("micronaut.server.http-version", "2.0");
        properties.put("micronaut.server.dispatch-options-requests", true);
        // Micronaut would refuse pages of other origins than localhost while it listens there; CorsFilter decides.
        properties.put("micronaut.server.cors.localhost-pass-through", true);
        properties.putAll(tls(server));
        // Nothing in the house blocks: a request stays on the event loop of its connection, and so does its gRPC
        // stream.
        properties.put("micronaut.server.thread-selection", "MANUAL");
        String transport = Epoll.isAvailable() ? "epoll" : "nio";
        properties.put("micronaut.netty.event-loops.default.transport", transport);
        properties.put("micronaut.netty.event-loops.parent.transport", transport);
        properties.put(
                "micronaut.netty.event-loops.default.num-threads",
                Runtime.getRuntime().availableProcessors());
        properties.put("micronaut.netty.event-loops.parent.num-threads", 1);
        return properties;
    }

    private static Map<String, Object> tls(ConchConfiguration.Server server) {
        ConchConfiguration.Tls tls = server.tls();
        if (tls == null) {
            return Map.of();
        }
        return Map.of(
                "micronaut.server.ssl.enabled",
                true,
                "micronaut.server.ssl.port",
                server.port(),
                "micronaut.server.ssl.key-name",
                "conch",
                "micronaut.certificate.file.conch.format",
                "PEM",
                "micronaut.certificate.file.conch.path",
                tls.key(),
                "micronaut.certificate.file.conch.certificate-path",
                tls.certificate());
    }

    /** A connection that waits for the engine is idle too: it has to outlive the longest wait that is allowed. */
    private static Duration idleTimeout(ConchConfiguration.Triton triton) {
        return Stream.of(triton.firstTokenTimeout(), triton.streamIdleTimeout(), triton.answerTimeout())
                .max(Comparator.naturalOrder())
                .orElseThrow()
                .plus(IDLE_MARGIN);
    }
}
