package dev.conch.engine.triton;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ModelConfigRequest;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelMetadataRequest;
import dev.conch.proto.inference.ModelMetadataResponse;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What is known of the models that Triton serves. Each is asked about once, by the first request that needs it; all others wait for
 * the same answer. Thread-safe; nothing blocks.
 */
final class ModelDirectory {
    private final Duration timeout;
    private final Map<String, CompletableFuture<ModelCapabilities>> models = new ConcurrentHashMap<>();

    /** @param timeout for each question */
    ModelDirectory(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * The model's capabilities; if they are not known, the replicas are asked for them one after the other until one answers. Fails
     * with gRPC's exception or a {@link BrokenContractException}, and is asked for again after a failure.
     *
     * @param replicas at least one
     */
    CompletableFuture<ModelCapabilities> find(String model, List<? extends Channel> replicas) {
        CompletableFuture<ModelCapabilities> known = models.get(model);
        if (known != null && known.isCompletedExceptionally()) {
            models.remove(model, known);
        }
        return models.computeIfAbsent(model, name -> ask(name, replicas));
    }

    private CompletableFuture<ModelCapabilities> ask(String model, List<? extends Channel> replicas) {
        CompletableFuture<ModelCapabilities> answer = ask(model, replicas.getFirst());
        List<? extends Channel> others = replicas.subList(1, replicas.size());
        return others.isEmpty() ? answer : answer.exceptionallyCompose(_ -> ask(model, others));
    }

    private CompletableFuture<ModelCapabilities> ask(String model, Channel channel) {
        return metadata(model, channel).thenCombine(config(model, channel), ModelDirectory::read);
    }

    /** Has the model asked about again: it may have been loaded anew, with other tensors. */
    void forget(String model) {
        CompletableFuture<ModelCapabilities> known = models.get(model);
        if (known != null && known.isDone()) {
            models.remove(model, known);
        }
    }

    private CompletableFuture<ModelMetadataResponse> metadata(String model, Channel channel) {
        var request = ModelMetadataRequest.newBuilder().setName(model).build();
        return ResponseFuture.of(observer -> stub(channel).modelMetadata(request, observer));
    }

    private CompletableFuture<ModelConfigResponse> config(String model, Channel channel) {
        var request = ModelConfigRequest.newBuilder().setName(model).build();
        return ResponseFuture.of(observer -> stub(channel).modelConfig(request, observer));
    }

    private GRPCInferenceServiceGrpc.GRPCInferenceServiceStub stub(Channel channel) {
        return GRPCInferenceServiceGrpc.newStub(channel).withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ModelCapabilities read(ModelMetadataResponse metadata, ModelConfigResponse config) {
        try {
            return ModelCapabilities.read(metadata, config);
        } catch (BrokenContractException e) {
            throw new CompletionException(e);
        }
    }
}
