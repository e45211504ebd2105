package dev.conch.sim.subscription;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import dev.conch.sim.tensor.TensorContract;
import dev.conch.sim.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tensors of one submission, as its header lists them. What Triton's core checks on a request of its own, Conch's model checks on these,
 * in nearly the same words; and it refuses what a step has no tensors for.
 */
final class SubmittedInputs {
    private static final Pattern INPUT =
            Pattern.compile("\\s*\\[\\s*\"(\\w+)\"\\s*,\\s*\"(\\w+)\"\\s*,\\s*\\[([\\d,\\s]*)]\\s*]\\s*(,|$)");

    private final TensorContract contract;
    private final ModelInferRequest.Builder request;
    private ByteString contents;

    /** @param contents of all tensors, one behind the other */
    SubmittedInputs(TensorContract contract, ModelInferRequest.Builder request, ByteString contents) {
        this.contract = contract;
        this.request = request;
        this.contents = contents;
    }

    /** Adds the tensors to the request, up to the first that is refused. */
    Optional<String> read(String list) {
        int size = contents.size();
        Matcher input = INPUT.matcher(list);
        int end = 0;
        while (end < list.length()) {
            if (!input.region(end, list.length()).lookingAt()) {
                return Optional.of("submissions: a tensor of the header (expected: [name, type, shape])");
            }
            Optional<String> refusal = add(group(input, 1), group(input, 2), shape(group(input, 3)));
            if (refusal.isPresent()) {
                return refusal;
            }
            end = input.end();
        }
        if (!contents.isEmpty()) {
            return Optional.of("submissions: " + size + " bytes of tensors (expected: " + (size - contents.size())
                    + ", as the header says)");
        }
        return missingInAStep(new ReceivedRequest(request.build()));
    }

    private Optional<String> add(String name, String datatype, List<Long> shape) {
        Optional<TensorSpec> known = contract.input(name);
        if (known.isEmpty()) {
            return Optional.of("unexpected inference input '" + name + "'");
        }
        TensorSpec spec = known.get();
        if (!datatype.equals(spec.datatype().name())) {
            return Optional.of("inference input '" + name + "' data-type is '" + datatype + "', but the model expects '"
                    + spec.datatype() + "'");
        }
        if (shape.isEmpty() || shape.getFirst() != 1) {
            return Optional.of("inference request batch-size must be <= 1");
        }
        if (!spec.fits(shape)) {
            return Optional.of("unexpected shape for input '" + name + "'. Expected " + text(spec.shape()) + ", got "
                    + text(shape));
        }
        return take(spec, shape);
    }

    private Optional<String> take(TensorSpec spec, List<Long> shape) {
        long size =
                spec.datatype() == Datatype.BYTES ? textSize() : spec.datatype().byteSize();
        for (long dim : shape) {
            size *= dim;
        }
        if (size > contents.size()) {
            return Optional.of("input byte size mismatch for input '" + spec.name() + "'. Expected " + size + ", got "
                    + contents.size());
        }
        if (request.getInputsList().stream().anyMatch(other -> other.getName().equals(spec.name()))) {
            return Optional.of("input '" + spec.name() + "' already exists in request");
        }
        request.addInputs(InferInputTensor.newBuilder()
                        .setName(spec.name())
                        .setDatatype(spec.datatype().name())
                        .addAllShape(shape))
                .addRawInputContents(contents.substring(0, (int) size));
        contents = contents.substring((int) size);
        return Optional.empty();
    }

    /** All texts of the contract are single ones. */
    private long textSize() {
        return contents.size() < Integer.BYTES
                ? Integer.BYTES
                : Integer.BYTES + Integer.toUnsignedLong(Submission.length(contents));
    }

    private static Optional<String> missingInAStep(ReceivedRequest request) {
        if (says(request, "stop", true)) {
            return Optional.of("stop: True (expected: absent or false in a submission)");
        }
        if (says(request, "exclude_input_in_output", false) && !says(request, "streaming", true)) {
            return Optional.of("exclude_input_in_output: False (expected: absent or true in a submission)");
        }
        for (String name : List.of("return_num_input_tokens", "return_num_output_tokens")) {
            if (says(request, name, true)) {
                return Optional.of(name + ": True (expected: absent or false in a submission)");
            }
        }
        return Optional.empty();
    }

    private static boolean says(ReceivedRequest request, String name, boolean value) {
        return request.find(name)
                .map(Tensor::asBoolean)
                .filter(is -> is == value)
                .isPresent();
    }

    private static List<Long> shape(String dims) {
        List<Long> shape = new ArrayList<>();
        for (String dim : dims.isBlank() ? new String[0] : dims.split(",", -1)) {
            shape.add(Long.parseLong(dim.strip()));
        }
        return shape;
    }

    private static String text(List<Long> shape) {
        return shape.toString().replace(" ", "");
    }

    /** One that takes part in every match. */
    private static String group(Matcher matcher, int number) {
        return Objects.requireNonNull(matcher.group(number));
    }
}
