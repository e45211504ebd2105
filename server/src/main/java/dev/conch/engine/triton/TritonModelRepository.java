package dev.conch.engine.triton;

import dev.conch.engine.ModelRepository;
import dev.conch.generation.GenerationException;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.conch.proto.inference.RepositoryIndexRequest;
import dev.conch.proto.inference.RepositoryIndexResponse;
import dev.conch.proto.inference.RepositoryIndexResponse.ModelIndex;
import dev.conch.proto.inference.RepositoryModelLoadRequest;
import dev.conch.proto.inference.RepositoryModelLoadResponse;
import dev.conch.proto.inference.RepositoryModelUnloadRequest;
import dev.conch.proto.inference.RepositoryModelUnloadResponse;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Triton's repository API, spoken to all replicas at once. Each replica does as asked or does not: what has worked on one is not taken
 * back where another fails, and the index tells which is which. Thread-safe; nothing blocks.
 */
final class TritonModelRepository implements ModelRepository {
    private final List<? extends Channel> replicas;
    private final ModelDirectory models;
    private final Duration question;
    private final Duration change;

    /**
     * @param models forgets what it knows of a model whenever that is loaded or unloaded
     * @param question until Triton answers what it has
     * @param change until a model is loaded, which for a large one takes minutes, or until Triton has begun to unload it
     */
    TritonModelRepository(List<? extends Channel> replicas, ModelDirectory models, Duration question, Duration change) {
        this.replicas = replicas;
        this.models = models;
        this.question = question;
        this.change = change;
    }

    @Override
    public CompletionStage<List<Entry>> index() {
        CompletableFuture<Stream<Entry>> all = CompletableFuture.completedFuture(Stream.of());
        for (int replica = 0; replica < replicas.size(); replica++) {
            all = all.thenCombine(index(replica), Stream::concat);
        }
        return all.thenApply(Stream::toList).exceptionallyCompose(TritonModelRepository::failed);
    }

    private CompletableFuture<Stream<Entry>> index(int replica) {
        var stub = stub(replicas.get(replica), question);
        return ResponseFuture.<RepositoryIndexResponse>of(
                        answer -> stub.repositoryIndex(RepositoryIndexRequest.getDefaultInstance(), answer))
                .thenApply(index -> index.getModelsList().stream().map(model -> entry(replica, model)));
    }

    private static Entry entry(int replica, ModelIndex model) {
        return new Entry(replica, model.getName(), model.getVersion(), model.getState(), model.getReason());
    }

    @Override
    public CompletionStage<Void> load(String engineModel) {
        var request = RepositoryModelLoadRequest.newBuilder()
                .setModelName(engineModel)
                .build();
        return onEach(
                engineModel,
                stub -> ResponseFuture.<RepositoryModelLoadResponse>of(
                        answer -> stub.repositoryModelLoad(request, answer)));
    }

    @Override
    public CompletionStage<Void> unload(String engineModel) {
        var request = RepositoryModelUnloadRequest.newBuilder()
                .setModelName(engineModel)
                .build();
        // Triton is content to unload what it never had.
        return index().thenAccept(entries -> requireOne(entries, engineModel))
                .thenCompose(_ -> onEach(
                        engineModel,
                        stub -> ResponseFuture.<RepositoryModelUnloadResponse>of(
                                answer -> stub.repositoryModelUnload(request, answer))));
    }

    private static void requireOne(List<Entry> entries, String engineModel) {
        if (entries.stream().noneMatch(entry -> entry.engineModel().equals(engineModel))) {
            throw TritonErrors.unknownModel(null);
        }
    }

    /** Completes when all replicas have answered, with the first failure if there is one. NullAway: a Void is always null. */
    @SuppressWarnings("NullAway")
    private CompletionStage<Void> onEach(
            String engineModel, Function<GRPCInferenceServiceStub, CompletableFuture<?>> change) {
        CompletableFuture<?>[] answers = IntStream.range(0, replicas.size())
                .mapToObj(replica -> change.apply(stub(replicas.get(replica), this.change)))
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(answers)
                .whenComplete((_, _) -> models.forget(engineModel))
                .exceptionallyCompose(TritonModelRepository::failed);
    }

    private static <T> CompletableFuture<T> failed(Throwable failure) {
        GenerationException error = TritonErrors.ofRepository(failure);
        return CompletableFuture.failedFuture(error);
    }

    private static GRPCInferenceServiceStub stub(Channel replica, Duration deadline) {
        return GRPCInferenceServiceGrpc.newStub(replica).withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }
}
