package dev.conch.sim;

import dev.conch.sim.engine.Counts;
import dev.conch.sim.engine.Engine;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.engine.EngineStatistics;
import dev.conch.sim.engine.Ledger;
import dev.conch.sim.grpc.HealthService;
import dev.conch.sim.grpc.InferenceService;
import dev.conch.sim.grpc.ModelDescription;
import dev.conch.sim.grpc.Readiness;
import dev.conch.sim.metrics.MetricsPort;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.subscription.Subscriptions;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.TensorContract;
import dev.conch.sim.tensor.UnsupportedInputs;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A Triton with one decoupled {@code tensorrt_llm} model that computes nothing: it checks requests as the real server does, and
 * answers what its script says, when its pace says so.
 *
 * <pre>{@code
 * try (SimulatedTriton triton = SimulatedTriton.builder().pace(Pace.manual()).tcp(0).start()) {
 *     triton.enqueue(Reply.ofTokens(11, 12, 13).with(Fault.cutAfter(2)));
 *     connect("127.0.0.1", triton.port());
 *     triton.awaitLive(1, TIMEOUT);
 *     triton.step(); // 11
 *     triton.step(); // 12
 *     triton.step(); // the call ends with OK, and without a final flag
 *     triton.awaitLive(0, TIMEOUT);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Uses one thread for the engine and, over TCP, one for connections and one to accept them.
 */
public final class SimulatedTriton implements AutoCloseable {
    private final Transport transport;
    private final Server server;
    private final Engine engine;
    private final Ledger ledger;
    private final Readiness readiness;
    private final Script script;
    private final Builder builder;
    private @Nullable MetricsPort metrics;
    private final Subscriptions subscriptions;
    private int port = -1;

    private SimulatedTriton(Builder builder) {
        this.builder = builder;
        transport = builder.transport.get();
        ledger = new Ledger();
        readiness = new Readiness();
        script = new Script(builder.rule);
        engine = new Engine(builder.variant, builder.limits, builder.pace, ledger);
        InferenceService inference = new InferenceService(
                builder.description(), engine, ledger, readiness, script, builder.maxBacklogTokens);
        subscriptions = inference.subscriptions();
        server = transport
                .server()
                .directExecutor()
                .addService(inference.definition())
                .addService(new HealthService(readiness))
                .build();
    }

    private void openMetrics() {
        InetSocketAddress address = builder.metricsAddress;
        if (address != null) {
            metrics = MetricsPort.open(address.getHostString(), address.getPort(), engine, builder.model);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The port that the server listens on; -1 in process. */
    public int port() {
        return port;
    }

    /** The port with the engine's gauges; -1 if there is none. */
    public int metricsPort() {
        return metrics == null ? -1 : metrics.port();
    }

    /** What is in the engine now, once what was asked for before is done. */
    public EngineStatistics statistics() {
        return engine.statistics().join();
    }

    /** A new way to this server; the caller builds the channel, and shuts it down. */
    public ManagedChannelBuilder<?> channel() {
        return transport.channel(port);
    }

    /** The next requests get these replies, one each, before the rule counts again. */
    public void enqueue(Reply... replies) {
        script.enqueue(List.of(replies));
    }

    /** From now on every request gets this. */
    public void reply(Reply reply) {
        reply(_ -> reply);
    }

    /** From now on every request gets what the rule makes of it. */
    public void reply(Function<ReceivedRequest, Reply> rule) {
        script.replaceRule(rule);
    }

    /** With {@link Pace#manual()}: brings one response to every running request. Returns before they are sent. */
    public void step() {
        engine.step();
    }

    /** Whether the server, its model and its health say that they are ready; requests are answered in any case. */
    public void setReady(boolean ready) {
        readiness.set(ready);
    }

    /** Tells all clients to go elsewhere (GOAWAY over TCP); running calls go on, new ones are refused. */
    public void goAway() {
        server.shutdown();
    }

    /** What goes by subscriptions. */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    public Counts counts() {
        return ledger.counts();
    }

    /**
     * Waits until so many requests are alive. A request that is counted as live has its place in the engine: a
     * {@link #step()} from here on reaches it.
     */
    public Counts awaitLive(long count, Duration timeout) throws InterruptedException {
        return await("live=" + count, counts -> counts.live() == count, timeout);
    }

    /** Waits until so many requests have arrived, whatever becomes of them. */
    public Counts awaitRequests(long count, Duration timeout) throws InterruptedException {
        return await("requests=" + count, counts -> counts.requests() == count, timeout);
    }

    /** Waits until so many requests have been cancelled. */
    public Counts awaitCancelled(long count, Duration timeout) throws InterruptedException {
        return await("cancelled=" + count, counts -> counts.cancelled() == count, timeout);
    }

    /**
     * Waits until the counts are as wished.
     *
     * @param wish in words, for the error
     * @throws AssertionError if they are not in time
     */
    public Counts await(String wish, Predicate<Counts> wished, Duration timeout) throws InterruptedException {
        return ledger.await(wish, wished, timeout);
    }

    /** The request that arrived last, refused ones included. */
    public ReceivedRequest lastRequest() {
        return requests().getLast();
    }

    /** The latest requests (256 at most), oldest first. */
    public List<ReceivedRequest> requests() {
        return ledger.latest();
    }

    /** Waits until the server has ended; only {@link #close} and {@link #goAway} end it. */
    public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
    }

    /** Ends at once: running calls break, as if the process had died. */
    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        transport.dropConnections();
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.close();
        transport.close();
    }

    /** Settings of a simulated Triton; what is not set is as Conch's own model, in process, in bursts. Not thread-safe. */
    public static final class Builder {
        /** Sequences in one request; how many requests run together is a matter of the slots. */
        private static final int MAX_BATCH_SIZE = 1;

        private Supplier<Transport> transport = Transport.InProcess::unique;
        private String model = "tensorrt_llm";
        private EngineVariant variant = EngineVariant.conch();
        private EngineLimits limits = EngineLimits.roomy();
        private Pace pace = Pace.burst();
        private Function<ReceivedRequest, Reply> rule = _ -> Reply.generated();
        private @Nullable InetSocketAddress metricsAddress;
        private int maxBacklogTokens = 16_384;
        private final Map<String, String> parameters = new HashMap<>();

        private Builder() {}

        /** Listens on this port of the loopback interface; 0 takes a free one. */
        public Builder tcp(int port) {
            return tcp("127.0.0.1", port);
        }

        public Builder tcp(String host, int port) {
            transport = () -> Transport.Tcp.on(host, port);
            return this;
        }

        public Builder model(String name) {
            model = name;
            return this;
        }

        public Builder variant(EngineVariant newVariant) {
            variant = newVariant;
            return this;
        }

        public Builder limits(EngineLimits newLimits) {
            limits = newLimits;
            return this;
        }

        public Builder pace(Pace newPace) {
            pace = newPace;
            return this;
        }

        /** Shows the engine's gauges on this port, at {@code /metrics}; 0 takes a free one. */
        public Builder metrics(String host, int port) {
            metricsAddress = new InetSocketAddress(host, port);
            return this;
        }

        /** How many tokens of one sequence may wait for a client that does not acknowledge what it has. */
        public Builder maxBacklogTokens(int tokens) {
            maxBacklogTokens = tokens;
            return this;
        }

        /** A parameter of the model's configuration, beside those that the variant tells. */
        public Builder parameter(String name, String value) {
            parameters.put(name, value);
            return this;
        }

        /** What every request gets. */
        public Builder reply(Reply reply) {
            return reply(_ -> reply);
        }

        /** What a request gets, depending on the request. */
        public Builder reply(Function<ReceivedRequest, Reply> newRule) {
            rule = newRule;
            return this;
        }

        /** NVIDIA's backend keeps its limits to itself; Conch's model tells them, what it does not honour, and its guides. */
        private ModelDescription description() {
            Map<String, String> told = new HashMap<>();
            if (variant.additiveTensors()) {
                told.put("max_seq_len", Integer.toString(limits.maxSequenceLength()));
                told.put("vocab_size", Integer.toString(limits.vocabularySize()));
                told.put("unsupported_inputs", String.join(",", UnsupportedInputs.names()));
                told.put("guided_decoding_types", String.join(",", TensorContract.GUIDE_TYPES));
            }
            told.putAll(parameters);
            return new ModelDescription(model, MAX_BATCH_SIZE, told, TensorContract.of(variant));
        }

        /**
         * Starts the server.
         *
         * @throws UncheckedIOException if the port is taken
         */
        public SimulatedTriton start() {
            SimulatedTriton triton = new SimulatedTriton(this);
            try {
                triton.server.start();
                triton.port = triton.server.getPort();
                triton.openMetrics();
            } catch (IOException e) {
                triton.close();
                throw new UncheckedIOException(e);
            } catch (UncheckedIOException e) {
                triton.close();
                throw e;
            }
            return triton;
        }
    }
}
