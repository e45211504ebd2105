package dev.conch.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All that an operator can set. Every key, its unit, default and range: {@code docs/configuration.md}. */
public record ConchConfiguration(
        Server server, Requests requests, Streams streams, Management management, Triton triton, List<Model> models) {

    public ConchConfiguration {
        models = List.copyOf(models);
    }

    /**
     * The front door.
     *
     * @param host address to listen on
     * @param port 0 to 65535, 0 for any free one
     * @param apiKeys keys that open the door, those of the file and of the environment; empty: it is open
     * @param maxBodyBytes largest request body, as sent and as decoded
     * @param maxHeldBodyBytes what all bodies together may take up; null: a quarter of the heap
     * @param maxConcurrentRequests requests inside at once, at least 1
     * @param maxQueuedRequests requests that may wait for a place inside; 0: none
     * @param maxQueueWait longest wait for a place
     * @param corsAllowedOrigins origins whose pages may call this server from a browser; {@code *}: all
     * @param tls null: the door speaks plain HTTP
     */
    public record Server(
            String host,
            int port,
            List<String> apiKeys,
            int maxBodyBytes,
            @Nullable Integer maxHeldBodyBytes,
            int maxConcurrentRequests,
            int maxQueuedRequests,
            Duration maxQueueWait,
            Connections connections,
            List<String> corsAllowedOrigins,
            @Nullable Tls tls,
            Drain drain) {

        public Server {
            apiKeys = List.copyOf(apiKeys);
            corsAllowedOrigins = List.copyOf(corsAllowedOrigins);
        }

        /** Says how many keys there are, never which. */
        @Override
        public String toString() {
            return "Server[host=%s, port=%d, apiKeys=%d, maxBodyBytes=%d, maxConcurrentRequests=%d, maxQueuedRequests=%d, maxQueueWait=%s]"
                    .formatted(
                            host,
                            port,
                            apiKeys.size(),
                            maxBodyBytes,
                            maxConcurrentRequests,
                            maxQueuedRequests,
                            maxQueueWait);
        }
    }

    /**
     * How long clients may take.
     *
     * @param headerTimeout longest time for the head of a request
     * @param bodyTimeout time between two looks at whether a body comes fast enough
     * @param idleTimeout how long a connection without a request is kept
     * @param max connections at once, at least 1
     */
    public record Connections(Duration headerTimeout, Duration bodyTimeout, Duration idleTimeout, int max) {}

    /**
     * What the door shows who asks for TLS. Both files are PEM.
     *
     * @param certificate the server's certificate, and those between it and a root
     * @param key its private key, not encrypted
     */
    public record Tls(Path certificate, Path key) {}

    /**
     * How the server ends.
     *
     * @param delay from not being ready to taking no more requests; may be zero
     * @param timeout how long requests that are inside may take to finish
     */
    public record Drain(Duration delay, Duration timeout) {}

    /**
     * What a request may ask for.
     *
     * @param strict whether a field that nobody defined is refused; otherwise it is ignored and named in a header of the answer
     * @param maxChoices most choices for one prompt, {@code n}
     * @param maxStopSequences most elements of {@code stop}
     * @param maxTokens most tokens of all prompts and all their choices together
     */
    public record Requests(boolean strict, int maxChoices, int maxStopSequences, int maxTokens) {}

    /**
     * How answers are streamed.
     *
     * @param keepAliveInterval longest silence on a stream that has begun, before a comment is sent
     * @param commitAfter how long the first token is waited for before the head of a stream is sent without it; null: for ever
     */
    public record Streams(
            Duration keepAliveInterval, @Nullable Duration commitAfter) {}

    /**
     * The operator's door: probes, figures, model control.
     *
     * @param host address to listen on
     * @param port 0 to 65535, 0 for any free one
     */
    public record Management(String host, int port) {}

    /**
     * The engine.
     *
     * @param addresses where Triton's gRPC endpoint listens, at least one
     * @param firstTokenTimeout longest wait for the first token
     * @param streamIdleTimeout longest silence between tokens
     * @param answerTimeout longest wait for an answer that is not streamed
     * @param subscriptions whether news of many generations travel together, with models that can do so
     */
    public record Triton(
            List<InetSocketAddress> addresses,
            Duration firstTokenTimeout,
            Duration streamIdleTimeout,
            Duration answerTimeout,
            boolean subscriptions) {

        public Triton {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * One served model.
     *
     * @param name what clients say
     * @param folder where its tokenizer.json, tokenizer_config.json, chat_template.jinja and generation_config.json are
     * @param engineModel its name in Triton
     * @param maxModelLen most tokens of prompt and answer together, at least 2
     * @param chatFormat name of a built-in chat format; null: the model's own template
     * @param chatTemplate the name of one of its chat templates, or the path of a file; null: what its folder has
     * @param contentFormat {@code auto}, {@code string} or {@code openai}
     * @param chatTemplateKwargs variables of the template that clients may set
     * @param allowClientChatTemplate whether clients may bring a template of their own
     * @param toolFormat how it writes tool calls: the name of a format, {@code auto} or {@code none}
     * @param reasoningFormat likewise its reasoning
     * @param reasoningField {@code reasoning_content}, {@code reasoning} or {@code both}
     */
    public record Model(
            String name,
            Path folder,
            String engineModel,
            int maxModelLen,
            @Nullable String chatFormat,
            @Nullable String chatTemplate,
            String contentFormat,
            List<String> chatTemplateKwargs,
            boolean allowClientChatTemplate,
            String toolFormat,
            String reasoningFormat,
            String reasoningField) {

        public Model {
            chatTemplateKwargs = List.copyOf(chatTemplateKwargs);
        }
    }
}
