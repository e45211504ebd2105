package dev.conch.sim;

import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.conch.sim.tensor.Tensor;
import java.util.List;

/** Requests as a well-behaved client makes them, for tests to spoil. */
public final class Requests {
    private Requests() {}

    /** A streaming request for so many tokens; what it asks for follows from its prompt alone. */
    public static ModelInferRequest.Builder streaming(String id, int maxTokens, int... prompt) {
        return with(
                empty(id),
                Tensor.int32Row("input_ids", prompt),
                Tensor.int32("input_lengths", prompt.length),
                Tensor.int32("request_output_len", maxTokens),
                Tensor.bool("streaming", true));
    }

    /** A request for the whole answer at once. */
    public static ModelInferRequest.Builder whole(String id, int maxTokens, int... prompt) {
        return with(
                empty(id),
                Tensor.int32Row("input_ids", prompt),
                Tensor.int32("input_lengths", prompt.length),
                Tensor.int32("request_output_len", maxTokens));
    }

    public static ModelInferRequest.Builder empty(String id) {
        return ModelInferRequest.newBuilder()
                .setModelName("tensorrt_llm")
                .setId(id)
                .putParameters(
                        "triton_enable_empty_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build());
    }

    public static ModelInferRequest.Builder with(ModelInferRequest.Builder request, Tensor... tensors) {
        for (Tensor tensor : tensors) {
            request.addInputs(InferInputTensor.newBuilder()
                            .setName(tensor.name())
                            .setDatatype(tensor.datatype().name())
                            .addAllShape(tensor.shape()))
                    .addRawInputContents(tensor.data());
        }
        return request;
    }

    public static ModelInferRequest.Builder wanting(ModelInferRequest.Builder request, String... outputs) {
        List.of(outputs)
                .forEach(name -> request.addOutputs(
                        InferRequestedOutputTensor.newBuilder().setName(name)));
        return request;
    }
}
