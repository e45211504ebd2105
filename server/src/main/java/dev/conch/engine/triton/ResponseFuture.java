package dev.conch.engine.triton;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The answer to a unary call. Completed on whatever thread gRPC reports it. */
final class ResponseFuture<T> extends CompletableFuture<T> implements StreamObserver<T> {

    private ResponseFuture() {}

    /** Makes the call and returns its answer to come. */
    static <T> CompletableFuture<T> of(Consumer<StreamObserver<T>> call) {
        var answer = new ResponseFuture<T>();
        call.accept(answer);
        return answer;
    }

    @Override
    public void onNext(T value) {
        complete(value);
    }

    @Override
    public void onError(Throwable failure) {
        completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        // gRPC reports an error instead if there was no answer.
    }
}
