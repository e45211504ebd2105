package dev.conch.engine.triton;

import dev.conch.engine.EngineCapabilities;
import dev.conch.engine.EngineListener;
import dev.conch.engine.InferenceEngine;
import dev.conch.engine.ModelRepository;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.conch.proto.inference.ModelReadyRequest;
import dev.conch.proto.inference.ModelReadyResponse;
import dev.conch.proto.inference.ServerReadyRequest;
import dev.conch.proto.inference.ServerReadyResponse;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates tokens with the models of one or more equal Triton servers. The news of all generations of an event loop come by one stream
 * from models that offer subscriptions; with others each generation is a stream of its own, so cancelling it is cancelling a call. If
 * {@code eventLoop} is a Netty event loop, the stream's channel lives on it too and nothing changes threads; with any other executor the
 * callbacks are sent there. Thread-safe; nothing blocks.
 */
public final class TritonEngine implements InferenceEngine, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TritonEngine.class);

    /** Longest that a model may take to load: hundreds of gigabytes, from a disk that is far away. */
    private static final Duration LOADING = Duration.ofMinutes(30);

    private final TritonChannels channels;
    private final TritonGeneration.Shared shared;

    /**
     * @param addresses host and port of each replica, at least one
     * @param seeds for requests that name no seed; thread-safe
     * @param watch hears by which way they go
     */
    public TritonEngine(
            List<String> addresses,
            ChannelFactory factory,
            TritonTimeouts timeouts,
            SubscriptionSettings subscriptions,
            RandomGenerator seeds,
            RouteWatch watch) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("addresses: none (expected: at least one)");
        }
        this.channels = new TritonChannels(addresses, factory);
        this.shared = new TritonGeneration.Shared(
                new ModelDirectory(timeouts.question()),
                new TensorCodec(seeds),
                timeouts,
                attempt -> stream(attempt, timeouts, watch),
                subscriptions.enabled() ? new Subscriptions(subscriptions, timeouts, watch) : null);
    }

    private static TritonStream stream(EngineRoute.Attempt attempt, TritonTimeouts timeouts, RouteWatch watch) {
        watch.onRequest(RouteWatch.Way.STREAM);
        return new TritonStream(attempt, timeouts);
    }

    /** An engine that reaches Triton over plain HTTP/2. */
    public static TritonEngine over(
            List<String> addresses, TritonTimeouts timeouts, SubscriptionSettings subscriptions, RouteWatch watch) {
        return new TritonEngine(addresses, new NettyChannelFactory(), timeouts, subscriptions, new Random(), watch);
    }

    @Override
    public RunningGeneration start(GenerationRequest request, EngineListener listener, Executor eventLoop) {
        var generation =
                new TritonGeneration(request, listener, new RequestLoop(eventLoop), channels.inTurn(eventLoop), shared);
        eventLoop.execute(generation::begin);
        return generation;
    }

    /** Whether one replica at least is ready. Also the moment for all channels to try again: on its own gRPC waits up to two minutes. */
    @Override
    public CompletionStage<Boolean> ready(String engineModel) {
        channels.reconnect();
        return channels.toEachReplica().stream()
                .map(replica -> ready(engineModel, replica))
                .reduce(CompletableFuture.completedFuture(false), (a, b) -> a.thenCombine(b, Boolean::logicalOr))
                .thenApply(ready -> forgetUnless(ready, engineModel));
    }

    private CompletableFuture<Boolean> ready(String engineModel, Channel replica) {
        GRPCInferenceServiceStub stub = GRPCInferenceServiceGrpc.newStub(replica)
                .withDeadlineAfter(shared.timeouts().question().toNanos(), TimeUnit.NANOSECONDS);
        var model = ModelReadyRequest.newBuilder().setName(engineModel).build();
        return ResponseFuture.<ModelReadyResponse>of(answer -> stub.modelReady(model, answer))
                .thenApply(ModelReadyResponse::getReady)
                .exceptionally(failure -> false)
                .thenCombine(serverReady(replica), Boolean::logicalAnd);
    }

    @Override
    public CompletionStage<Map<String, Boolean>> replicas() {
        CompletableFuture<Map<String, Boolean>> answers = CompletableFuture.completedFuture(new TreeMap<>());
        for (ManagedChannel replica : channels.toEachReplica()) {
            answers = answers.thenCombine(serverReady(replica), (all, up) -> {
                all.merge(replica.authority(), up, Boolean::logicalAnd);
                return all;
            });
        }
        return answers;
    }

    private CompletableFuture<Boolean> serverReady(Channel replica) {
        GRPCInferenceServiceStub stub = GRPCInferenceServiceGrpc.newStub(replica)
                .withDeadlineAfter(shared.timeouts().question().toNanos(), TimeUnit.NANOSECONDS);
        return ResponseFuture.<ServerReadyResponse>of(
                        answer -> stub.serverReady(ServerReadyRequest.getDefaultInstance(), answer))
                .thenApply(ServerReadyResponse::getReady)
                .exceptionally(failure -> false);
    }

    /** A model that is away may come back as another. */
    private boolean forgetUnless(boolean ready, String engineModel) {
        if (!ready) {
            shared.models().forget(engineModel);
        }
        return ready;
    }

    @Override
    public CompletionStage<EngineCapabilities> capabilities(String engineModel) {
        return shared.models()
                .find(engineModel, channels.inTurn())
                .thenApply(ModelCapabilities::forEngine)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unknown(engineModel, failure)));
    }

    private static GenerationException unknown(String engineModel, Throwable failure) {
        GenerationException error = TritonErrors.ofQuestion(failure);
        LOG.warn(
                "{} cannot be asked what it can do: {}: {}",
                engineModel,
                error.code().wireName(),
                TritonErrors.operatorText(error));
        return error;
    }

    /** The models on the replicas' disks. */
    public ModelRepository repository() {
        return new TritonModelRepository(
                channels.toEachReplica(), shared.models(), shared.timeouts().question(), LOADING);
    }

    /** Ends all generations and closes all connections, before the event loops end. Waits for it: not to be called on one of them. */
    @Override
    public void close() {
        channels.close();
    }
}
