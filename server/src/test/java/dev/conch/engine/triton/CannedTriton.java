package dev.conch.engine.triton;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.conch.proto.inference.ModelConfigRequest;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelMetadataRequest;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A server that answers each request with messages made beforehand, however wrong, and then leaves the call open. For what the
 * simulated Triton, which keeps to its protocol, cannot be brought to say. Thread-safe.
 */
final class CannedTriton extends GRPCInferenceServiceImplBase implements AutoCloseable {
    private final ModelDescriptions model;
    private final Function<ModelInferRequest, List<ModelStreamInferResponse>> answers;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final AtomicInteger questions = new AtomicInteger();
    private final String name = InProcessServerBuilder.generateName();
    private final Server server;

    CannedTriton(ModelDescriptions model, Function<ModelInferRequest, List<ModelStreamInferResponse>> answers)
            throws IOException {
        this.model = model;
        this.answers = answers;
        this.server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(this)
                .build()
                .start();
    }

    ManagedChannel channel() {
        return InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    /** How often it was asked for the model's tensors. */
    int questions() {
        return questions.get();
    }

    /** Opens when a client has cancelled its call. */
    CountDownLatch cancelled() {
        return cancelled;
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
        questions.incrementAndGet();
        answer.onNext(model.metadata());
        answer.onCompleted();
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> answer) {
        answer.onNext(model.config());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> client) {
        ((ServerCallStreamObserver<ModelStreamInferResponse>) client).setOnCancelHandler(cancelled::countDown);
        return new StreamObserver<>() {
            @Override
            public void onNext(ModelInferRequest request) {
                answers.apply(request).forEach(client::onNext);
            }

            @Override
            public void onError(Throwable failure) {
                cancelled.countDown();
            }

            @Override
            public void onCompleted() {
                // The call stays open until the client gives up.
            }
        };
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
