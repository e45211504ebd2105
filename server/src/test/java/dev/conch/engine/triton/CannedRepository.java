package dev.conch.engine.triton;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.conch.proto.inference.RepositoryIndexRequest;
import dev.conch.proto.inference.RepositoryIndexResponse;
import dev.conch.proto.inference.RepositoryIndexResponse.ModelIndex;
import dev.conch.proto.inference.RepositoryModelLoadRequest;
import dev.conch.proto.inference.RepositoryModelLoadResponse;
import dev.conch.proto.inference.RepositoryModelUnloadRequest;
import dev.conch.proto.inference.RepositoryModelUnloadResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A repository of models that are ready or not, with Triton's words for what cannot be done. Thread-safe. */
final class CannedRepository extends GRPCInferenceServiceImplBase implements AutoCloseable {
    private final Map<String, Boolean> ready = new ConcurrentSkipListMap<>();
    private final String name = InProcessServerBuilder.generateName();
    private final Server server;
    private volatile @Nullable Status failure;

    CannedRepository(String... models) throws IOException {
        for (String model : models) {
            ready.put(model, false);
        }
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(this)
                .build()
                .start();
    }

    ManagedChannel channel() {
        return InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    /** From now on nothing can be loaded or unloaded. */
    void fail(Status status) {
        failure = status;
    }

    boolean isReady(String model) {
        return Boolean.TRUE.equals(ready.get(model));
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> answer) {
        var index = RepositoryIndexResponse.newBuilder();
        ready.forEach((model, isReady) -> index.addModels(ModelIndex.newBuilder()
                .setName(model)
                .setVersion(isReady ? "1" : "")
                .setState(isReady ? "READY" : "UNAVAILABLE")
                .setReason(isReady ? "" : "unloaded")));
        answer.onNext(index.build());
        answer.onCompleted();
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> answer) {
        change(request.getModelName(), true, RepositoryModelLoadResponse.getDefaultInstance(), answer);
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> answer) {
        change(request.getModelName(), false, RepositoryModelUnloadResponse.getDefaultInstance(), answer);
    }

    private <T> void change(String model, boolean toReady, T done, StreamObserver<T> answer) {
        Status status = failure;
        if (status == null && toReady && !ready.containsKey(model)) {
            status = Status.INVALID_ARGUMENT.withDescription(
                    "failed to load '" + model + "', failed to poll from model repository");
        }
        if (status != null) {
            answer.onError(status.asRuntimeException());
            return;
        }
        ready.computeIfPresent(model, (_, _) -> toReady);
        answer.onNext(done);
        answer.onCompleted();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
