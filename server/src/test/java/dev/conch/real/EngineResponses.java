package dev.conch.real;

import dev.conch.proto.inference.GRPCInferenceServiceGrpc;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.Tensor;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * All responses of an engine to one request, tensor by tensor.
 *
 * @param all in the order in which they came
 */
record EngineResponses(List<ModelStreamInferResponse> all) {
    /** A request with these inputs, that wants these outputs, or all if none is named. */
    static ModelInferRequest request(String id, List<String> outputs, Tensor... inputs) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName("tensorrt_llm")
                .setId(id)
                .putParameters(
                        "triton_enable_empty_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build());
        for (Tensor tensor : inputs) {
            request.addInputs(InferInputTensor.newBuilder()
                            .setName(tensor.name())
                            .setDatatype(tensor.datatype().name())
                            .addAllShape(tensor.shape()))
                    .addRawInputContents(tensor.data());
        }
        outputs.forEach(name ->
                request.addOutputs(InferRequestedOutputTensor.newBuilder().setName(name)));
        return request.build();
    }

    /** Asks, and waits until the call has ended. */
    static EngineResponses of(ManagedChannel channel, ModelInferRequest... requests) {
        Collector collector = new Collector();
        var call = GRPCInferenceServiceGrpc.newStub(channel).modelStreamInfer(collector);
        for (ModelInferRequest request : requests) {
            call.onNext(request);
        }
        call.onCompleted();
        return new EngineResponses(collector.end.orTimeout(1, TimeUnit.MINUTES).join());
    }

    private static final class Collector implements StreamObserver<ModelStreamInferResponse> {
        private final List<ModelStreamInferResponse> responses = new ArrayList<>();
        private final CompletableFuture<List<ModelStreamInferResponse>> end = new CompletableFuture<>();

        @Override
        public void onNext(ModelStreamInferResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable cause) {
            end.completeExceptionally(cause);
        }

        @Override
        public void onCompleted() {
            end.complete(responses);
        }
    }

    /** The ids of all answers, joined. */
    List<Integer> ids() {
        return all.stream()
                .flatMap(response -> output(response, "output_ids").stream())
                .flatMap(tensor -> Arrays.stream(tensor.ints()).boxed())
                .toList();
    }

    /** The number that the first response with this output says. */
    int number(String name) {
        return all.stream()
                .flatMap(response -> output(response, name).stream())
                .mapToInt(Tensor::asInt)
                .findFirst()
                .orElseThrow();
    }

    /** Error texts. */
    List<String> errors() {
        return all.stream()
                .map(ModelStreamInferResponse::getErrorMessage)
                .filter(text -> !text.isEmpty())
                .map(EngineResponses::withoutNumber)
                .toList();
    }

    /** A text without the number that an executor gives a request. */
    static String withoutNumber(String text) {
        return text.replaceAll("requestId \\d+", "requestId N");
    }

    /** The elements of this output, of all responses. */
    List<String> texts(String name) {
        return all.stream()
                .flatMap(response -> output(response, name).stream())
                .flatMap(tensor -> tensor.strings().stream())
                .toList();
    }

    /**
     * What each response looks like, equal neighbours once: how many tokens an engine puts in one is its own affair, so a size that equals
     * the number of tokens is {@code n}.
     */
    List<String> forms() {
        List<String> forms = new ArrayList<>();
        for (ModelStreamInferResponse response : all) {
            String form = form(response);
            if (forms.isEmpty() || !forms.getLast().equals(form)) {
                forms.add(form);
            }
        }
        return forms;
    }

    private static String form(ModelStreamInferResponse response) {
        ModelInferResponse tensors = response.getInferResponse();
        long tokens = output(response, "sequence_length").map(Tensor::asInt).orElse(-1);
        TreeMap<String, String> outputs = new TreeMap<>();
        for (var output : tensors.getOutputsList()) {
            outputs.put(output.getName(), output.getDatatype() + sizes(output.getShapeList(), tokens));
        }
        output(response, "finish_reason")
                .ifPresent(tensor ->
                        outputs.put("finish_reason =", tensor.strings().toString()));
        output(response, "sequence_index").ifPresent(tensor -> outputs.put("sequence_index =", "" + tensor.asInt()));
        return (tensors.getParametersOrDefault("triton_final_response", InferParameter.getDefaultInstance())
                                .getBoolParam()
                        ? "final "
                        : "")
                + tensors.getModelName() + "/" + tensors.getId() + " " + outputs;
    }

    private static List<String> sizes(List<Long> shape, long tokens) {
        List<String> sizes = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) {
            sizes.add(i > 0 && shape.get(i) == tokens ? "n" : shape.get(i).toString());
        }
        return sizes;
    }

    private static Optional<Tensor> output(ModelStreamInferResponse response, String name) {
        ModelInferResponse tensors = response.getInferResponse();
        for (int i = 0; i < tensors.getOutputsCount(); i++) {
            var output = tensors.getOutputs(i);
            if (output.getName().equals(name)) {
                Datatype datatype = Datatype.valueOf(output.getDatatype());
                return Optional.of(new Tensor(name, datatype, output.getShapeList(), tensors.getRawOutputContents(i)));
            }
        }
        return Optional.empty();
    }
}
