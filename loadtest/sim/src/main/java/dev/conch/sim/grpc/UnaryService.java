package dev.conch.sim.grpc;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import dev.conch.proto.inference.ModelConfigRequest;
import dev.conch.proto.inference.ModelConfigResponse;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelMetadataRequest;
import dev.conch.proto.inference.ModelMetadataResponse;
import dev.conch.proto.inference.ModelReadyRequest;
import dev.conch.proto.inference.ModelReadyResponse;
import dev.conch.proto.inference.ServerLiveRequest;
import dev.conch.proto.inference.ServerLiveResponse;
import dev.conch.proto.inference.ServerMetadataRequest;
import dev.conch.proto.inference.ServerMetadataResponse;
import dev.conch.proto.inference.ServerReadyRequest;
import dev.conch.proto.inference.ServerReadyResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** The calls with one answer. What a front end does not need stays unimplemented. */
final class UnaryService extends GRPCInferenceServiceImplBase {
    private final ModelDescription model;
    private final Readiness readiness;

    UnaryService(ModelDescription model, Readiness readiness) {
        this.model = model;
        this.readiness = readiness;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        answer(observer, ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        answer(
                observer,
                ServerReadyResponse.newBuilder().setReady(readiness.isReady()).build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        answer(
                observer,
                ServerMetadataResponse.newBuilder()
                        .setName("simulated-triton")
                        .setVersion("0")
                        .build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        boolean ready = isServed(request.getName(), request.getVersion()) && readiness.isReady();
        answer(observer, ModelReadyResponse.newBuilder().setReady(ready).build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        if (isServed(request.getName(), request.getVersion())) {
            answer(observer, model.metadata());
        } else {
            observer.onError(notFound(request.getName()));
        }
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> observer) {
        if (isServed(request.getName(), request.getVersion())) {
            answer(
                    observer,
                    ModelConfigResponse.newBuilder().setConfig(model.config()).build());
        } else {
            observer.onError(notFound(request.getName()));
        }
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        observer.onError(Status.UNIMPLEMENTED
                .withDescription("ModelInfer RPC doesn't support models with decoupled transaction policy")
                .asRuntimeException());
    }

    private boolean isServed(String name, String version) {
        return name.equals(model.name()) && (version.isEmpty() || version.equals("1"));
    }

    private static RuntimeException notFound(String name) {
        return Status.NOT_FOUND
                .withDescription("Request for unknown model: '" + name + "' is not found")
                .asRuntimeException();
    }

    private static <T> void answer(StreamObserver<T> observer, T response) {
        observer.onNext(response);
        observer.onCompleted();
    }
}
