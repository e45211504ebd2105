package dev.conch.sim.tensor;

import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Triton's core checks before a model sees a request, in its order and in its words. Thread-safe.
 *
 * <p>As in Triton 2.51, required inputs are counted, not looked for: a request may lack one and get past the core with enough
 * optional ones.
 */
public final class RequestCheck {
    static final String EMPTY_FINAL_RESPONSE = "triton_enable_empty_final_response";

    private static final String BATCH_DIMENSION =
            ". NOTE: Setting a non-zero max_batch_size in the model config requires a"
                    + " batch dimension to be prepended to each input shape. If you want to specify the full shape including the batch"
                    + " dim in your input dims config, try setting max_batch_size to zero. See the model configuration docs for more"
                    + " info on max_batch_size.";

    private final String model;
    private final int maxBatchSize;
    private final TensorContract contract;
    private final long requiredInputs;

    public RequestCheck(String model, int maxBatchSize, TensorContract contract) {
        this.model = model;
        this.maxBatchSize = maxBatchSize;
        this.contract = contract;
        this.requiredInputs =
                contract.inputs().stream().filter(spec -> !spec.optional()).count();
    }

    /** Why the core refuses the request; empty if it does not. */
    public Optional<String> refusal(ModelInferRequest request) {
        try {
            checkModel(request);
            checkParameters(request.getParametersMap());
            checkContents(request);
            checkOutputs(request);
            checkInputNames(request);
            checkBatch(request);
            checkTensors(request);
            return Optional.empty();
        } catch (RefusedException e) {
            return Optional.of(e.text);
        }
    }

    private void checkModel(ModelInferRequest request) throws RefusedException {
        String version = request.getModelVersion();
        if (!request.getModelName().equals(model)) {
            throw new RefusedException("Request for unknown model: '" + request.getModelName() + "' is not found");
        }
        if (!version.isEmpty() && !version.equals("1")) {
            throw new RefusedException(
                    "Request for unknown model: '" + model + "' version " + version + " is not found");
        }
    }

    private static void checkParameters(Map<String, InferParameter> parameters) throws RefusedException {
        for (Map.Entry<String, InferParameter> parameter : parameters.entrySet()) {
            if (parameter.getKey().equals(EMPTY_FINAL_RESPONSE)) {
                if (!parameter.getValue().hasBoolParam()) {
                    throw new RefusedException(
                            "invalid value type for '" + EMPTY_FINAL_RESPONSE + "' parameter, expected bool_param.");
                }
            } else if (parameter.getKey().startsWith("triton_")) {
                throw new RefusedException("parameter keys starting with 'triton_' are reserved for Triton usage."
                        + " Only the following keys starting with 'triton_' are allowed: " + EMPTY_FINAL_RESPONSE);
            }
        }
    }

    private void checkContents(ModelInferRequest request) throws RefusedException {
        for (InferInputTensor input : request.getInputsList()) {
            if (input.hasContents()) {
                throw new RefusedException("contents field must not be specified when using raw_input_contents for '"
                        + input.getName() + "' for model '" + model + "'");
            }
        }
        if (request.getInputsCount() != request.getRawInputContentsCount()) {
            throw new RefusedException("raw_input_contents: " + request.getRawInputContentsCount()
                    + " (expected: one for each of " + request.getInputsCount() + " inputs)");
        }
    }

    private void checkOutputs(ModelInferRequest request) throws RefusedException {
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            if (contract.output(output.getName()).isEmpty()) {
                throw new RefusedException(
                        "unexpected inference output '" + output.getName() + "' for model '" + model + "'");
            }
        }
    }

    private void checkInputNames(ModelInferRequest request) throws RefusedException {
        Set<String> seen = new HashSet<>();
        for (InferInputTensor input : request.getInputsList()) {
            if (!seen.add(input.getName())) {
                throw new RefusedException("input '" + input.getName() + "' already exists in request");
            }
            if (contract.input(input.getName()).isEmpty()) {
                throw new RefusedException(
                        "unexpected inference input '" + input.getName() + "' for model '" + model + "'");
            }
        }
        if (seen.size() < requiredInputs) {
            throw new RefusedException(requestId(request) + "expected number of inputs between " + requiredInputs
                    + " and " + contract.inputs().size() + " but got " + seen.size() + " inputs for model '" + model
                    + "'");
        }
    }

    private void checkBatch(ModelInferRequest request) throws RefusedException {
        long batchSize = 0;
        for (InferInputTensor input : request.getInputsList()) {
            long size = input.getShapeCount() == 0 ? 0 : input.getShape(0);
            if (batchSize != 0 && size != batchSize) {
                throw new RefusedException(requestId(request) + "input '" + input.getName()
                        + "' batch size does not match other inputs for '" + model + "'");
            }
            batchSize = size;
        }
        if (batchSize < 1 || batchSize > maxBatchSize) {
            throw new RefusedException(requestId(request) + "inference request batch-size must be <= " + maxBatchSize
                    + " for '" + model + "'");
        }
    }

    private void checkTensors(ModelInferRequest request) throws RefusedException {
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor input = request.getInputs(i);
            TensorSpec spec = contract.input(input.getName()).orElseThrow();
            checkDatatypeAndShape(request, input, spec);
            checkSize(
                    request,
                    input,
                    spec.datatype(),
                    request.getRawInputContents(i).size());
        }
    }

    private void checkDatatypeAndShape(ModelInferRequest request, InferInputTensor input, TensorSpec spec)
            throws RefusedException {
        if (!input.getDatatype().equals(spec.datatype().name())) {
            throw new RefusedException(requestId(request) + "inference input '" + spec.name() + "' data-type is '"
                    + input.getDatatype() + "', but model '" + model + "' expects '" + spec.datatype() + "'");
        }
        if (!spec.fits(input.getShapeList())) {
            throw new RefusedException(requestId(request) + "unexpected shape for input '" + spec.name()
                    + "' for model '" + model + "'. Expected " + text(spec.shape()) + ", got "
                    + text(input.getShapeList()) + BATCH_DIMENSION);
        }
    }

    private void checkSize(ModelInferRequest request, InferInputTensor input, Datatype datatype, int got)
            throws RefusedException {
        long elements = elements(request, input);
        if (datatype != Datatype.BYTES && got != elements * datatype.byteSize()) {
            throw new RefusedException(requestId(request) + "input byte size mismatch for input '" + input.getName()
                    + "' for model '" + model + "'. Expected " + elements * datatype.byteSize() + ", got " + got);
        }
    }

    private static long elements(ModelInferRequest request, InferInputTensor input) throws RefusedException {
        long elements = 1;
        for (long dim : input.getShapeList()) {
            long product = Math.multiplyHigh(elements, dim) == 0 ? elements * dim : -1;
            if (dim < 0 || product < 0 || product > Integer.MAX_VALUE) {
                throw new RefusedException(requestId(request) + "shape of input '" + input.getName() + "': "
                        + text(input.getShapeList()) + " (expected: no negative size, fewer than 2^31 elements)");
            }
            elements = product;
        }
        return elements;
    }

    /** The prefix of those texts in which the core names the request. */
    public static String requestId(ModelInferRequest request) {
        return "[request id: " + (request.getId().isEmpty() ? "<id_unknown>" : request.getId()) + "] ";
    }

    private static String text(List<Long> shape) {
        return shape.toString().replace(" ", "");
    }

    /** Carries a refusal out of the checks; never leaves this class. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private final String text;

        RefusedException(String text) {
            super(text, null, false, false);
            this.text = text;
        }
    }
}
