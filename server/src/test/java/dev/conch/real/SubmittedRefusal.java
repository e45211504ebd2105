package dev.conch.real;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What an engine says of a request that is submitted to a subscription (docs/adr/0008) and refused there. */
final class SubmittedRefusal {
    private static final long HANDLE = 7;

    private SubmittedRefusal() {}

    /** The error texts of the first step, without the numbers that an executor gives its requests. */
    static List<String> of(ManagedChannel channel, ModelInferRequest request) {
        String name = UUID.randomUUID().toString();
        var step = new FirstStep();
        var call = GRPCInferenceServiceGrpc.newStub(channel).modelStreamInfer(step);
        try {
            call.onNext(command(name, Tensor.bool("subscribe", true)));
            step.opened.orTimeout(1, TimeUnit.MINUTES).join();
            call.onNext(command("submit", Tensor.bytes("subscription", name), submissions(request)));
            return step.errors.orTimeout(1, TimeUnit.MINUTES).join();
        } finally {
            call.onError(new IllegalStateException("has heard enough"));
        }
    }

    private static ModelInferRequest command(String id, Tensor... tensors) {
        ModelInferRequest.Builder command = EngineResponses.request(id, List.of(), tensors).toBuilder();
        for (String required : List.of("input_lengths", "request_output_len")) {
            Tensor nothing = Tensor.int32(required, 0);
            command.addInputs(InferInputTensor.newBuilder()
                            .setName(required)
                            .setDatatype("INT32")
                            .addAllShape(nothing.shape()))
                    .addRawInputContents(nothing.data());
        }
        return command.build();
    }

    private static Tensor submissions(ModelInferRequest request) {
        String inputs = request.getInputsList().stream()
                .map(input ->
                        "[\"%s\", \"%s\", %s]".formatted(input.getName(), input.getDatatype(), input.getShapeList()))
                .collect(Collectors.joining(", "));
        String header = "{\"handle\": " + HANDLE + ", \"inputs\": [" + inputs + "]}";
        ByteString submission = prefixed(ByteString.copyFrom(header, StandardCharsets.UTF_8))
                .concat(ByteString.copyFrom(request.getRawInputContentsList()));
        return new Tensor("submissions", Datatype.BYTES, List.of(1L, 1L), prefixed(submission));
    }

    /** Behind its length. */
    private static ByteString prefixed(ByteString bytes) {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return ByteString.copyFrom(length.putInt(0, bytes.size())).concat(bytes);
    }

    private static final class FirstStep implements StreamObserver<ModelStreamInferResponse> {
        private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        private final CompletableFuture<List<String>> errors = new CompletableFuture<>();

        @Override
        public void onNext(ModelStreamInferResponse response) {
            opened.complete(true);
            EngineResponses responses = new EngineResponses(List.of(response));
            if (!response.getErrorMessage().isEmpty()) {
                errors.complete(responses.errors());
            } else if (response.getInferResponse().getOutputsCount() > 0) {
                errors.complete(responses.texts("step_errors").stream()
                        .map(EngineResponses::withoutNumber)
                        .toList());
            }
        }

        @Override
        public void onError(Throwable cause) {
            opened.completeExceptionally(cause);
            errors.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("the call has ended"));
        }
    }
}
