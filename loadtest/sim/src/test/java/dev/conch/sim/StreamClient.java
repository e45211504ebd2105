package dev.conch.sim;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream call from the client's side. */
final class StreamClient implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
    static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final BlockingQueue<ModelStreamInferResponse> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final StreamObserver<ModelInferRequest> requests;
    private @Nullable ClientCallStreamObserver<ModelInferRequest> call;

    private StreamClient(ManagedChannel channel) {
        requests = GRPCInferenceServiceGrpc.newStub(channel).modelStreamInfer(this);
    }

    static StreamClient open(ManagedChannel channel) {
        return new StreamClient(channel);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ModelInferRequest> newCall) {
        call = newCall;
    }

    StreamClient send(ModelInferRequest.Builder request) {
        requests.onNext(request.build());
        return this;
    }

    /** Sends the only request of this call. */
    StreamClient sendOnly(ModelInferRequest.Builder request) {
        send(request);
        halfClose();
        return this;
    }

    void halfClose() {
        requests.onCompleted();
    }

    void cancel() {
        if (call == null) {
            throw new IllegalStateException("cancel: the call has not started");
        }
        call.cancel("the test has seen enough", null);
    }

    /** The next response, which has to come. */
    ModelStreamInferResponse next() throws InterruptedException {
        ModelStreamInferResponse response = received.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (response == null) {
            throw new AssertionError("no response within " + TIMEOUT);
        }
        return response;
    }

    /** The token ids of the next response. */
    List<Integer> nextIds() throws InterruptedException {
        return ids(next());
    }

    /** True if nothing lies unread. Means something only once the server cannot be sending. */
    boolean isDrained() {
        return received.isEmpty();
    }

    /** All responses until the call's end, which has to come with OK. */
    List<ModelStreamInferResponse> rest() throws Exception {
        Status status = status();
        if (!status.isOk()) {
            throw new AssertionError(status);
        }
        List<ModelStreamInferResponse> rest = new ArrayList<>();
        received.drainTo(rest);
        return rest;
    }

    /** How the call ended. */
    Status status() throws Exception {
        return end.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void onNext(ModelStreamInferResponse response) {
        received.add(response);
    }

    @Override
    public void onError(Throwable cause) {
        end.complete(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }

    static List<Integer> ids(ModelStreamInferResponse response) {
        return Arrays.stream(output(response, "output_ids").ints()).boxed().toList();
    }

    /** The ids of all responses that have some, joined. */
    static List<Integer> allIds(List<ModelStreamInferResponse> responses) {
        return responses.stream()
                .filter(response -> response.getInferResponse().getOutputsCount() > 0)
                .flatMap(response -> ids(response).stream())
                .toList();
    }

    static Tensor output(ModelStreamInferResponse response, String name) {
        ModelInferResponse tensors = response.getInferResponse();
        for (int i = 0; i < tensors.getOutputsCount(); i++) {
            var output = tensors.getOutputs(i);
            if (output.getName().equals(name)) {
                Datatype datatype = Datatype.valueOf(output.getDatatype());
                return new Tensor(name, datatype, output.getShapeList(), tensors.getRawOutputContents(i));
            }
        }
        throw new NoSuchElementException(name + " in " + tensors);
    }

    static List<String> outputNames(ModelStreamInferResponse response) {
        return response.getInferResponse().getOutputsList().stream()
                .map(ModelInferResponse.InferOutputTensor::getName)
                .toList();
    }

    static boolean isFinal(ModelStreamInferResponse response) {
        return response.getInferResponse()
                .getParametersOrThrow("triton_final_response")
                .getBoolParam();
    }
}
