package dev.conch.sim.tensor;

import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A request as it came, with its tensors to be read by name. Immutable.
 *
 * @param message the request on the wire; of a refused one the tensors may be unreadable
 */
public record ReceivedRequest(ModelInferRequest message) {
    public String id() {
        return message.getId();
    }

    public Map<String, InferParameter> parameters() {
        return message.getParametersMap();
    }

    /** True if the client asked for a final response even where there is nothing else to say. */
    public boolean wantsEmptyFinalResponse() {
        InferParameter parameter = parameters().get(RequestCheck.EMPTY_FINAL_RESPONSE);
        return parameter != null && parameter.getBoolParam();
    }

    public List<String> inputNames() {
        return message.getInputsList().stream().map(InferInputTensor::getName).toList();
    }

    /** Empty: all that there are. */
    public List<String> outputNames() {
        return message.getOutputsList().stream()
                .map(InferRequestedOutputTensor::getName)
                .toList();
    }

    /** True if the client wants this output of those that there are. */
    public boolean wants(String output) {
        List<String> names = outputNames();
        return names.isEmpty() || names.contains(output);
    }

    /** The input of this name, which has to be there. */
    public Tensor tensor(String name) {
        return find(name)
                .orElseThrow(() -> new NoSuchElementException(name + " (expected: one of " + inputNames() + ")"));
    }

    public Optional<Tensor> find(String name) {
        for (int i = 0; i < message.getInputsCount(); i++) {
            if (message.getInputs(i).getName().equals(name)) {
                return Optional.of(tensor(i));
            }
        }
        return Optional.empty();
    }

    private Tensor tensor(int index) {
        InferInputTensor input = message.getInputs(index);
        Datatype datatype = Datatype.named(input.getDatatype()).orElseThrow();
        return new Tensor(input.getName(), datatype, input.getShapeList(), message.getRawInputContents(index));
    }
}
