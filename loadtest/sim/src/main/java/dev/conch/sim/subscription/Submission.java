package dev.conch.sim.subscription;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One element of {@code submissions}: a generation request on its own, as if it had come by its own stream. Immutable.
 *
 * @param handle what its client calls it
 */
record Submission(long handle, ReceivedRequest request) {
    /** The header is JSON of one form only, so that no library is needed to read it. */
    private static final Pattern HANDLE = Pattern.compile("\"handle\"\\s*:\\s*(\\d+)");

    private static final Pattern INPUT =
            Pattern.compile("\\[\\s*\"(\\w+)\"\\s*,\\s*\"(\\w+)\"\\s*,\\s*\\[([-\\d,\\s]*)]\\s*]");

    /** @throws IllegalArgumentException if an element is no submission */
    static List<Submission> of(ReceivedRequest batch) {
        List<Submission> all = new ArrayList<>();
        ByteString data = batch.tensor("submissions").data();
        while (!data.isEmpty()) {
            int length = length(data);
            all.add(read(batch, data.substring(4, 4 + length)));
            data = data.substring(4 + length);
        }
        return all;
    }

    private static Submission read(ReceivedRequest batch, ByteString text) {
        int headerLength = length(text);
        String header = text.substring(4, 4 + headerLength).toStringUtf8();
        Matcher handle = HANDLE.matcher(header);
        if (!handle.find()) {
            throw new IllegalArgumentException("submissions: " + header + " (expected: a handle)");
        }
        long number = Long.parseLong(group(handle, 1));
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName(batch.message().getModelName())
                .setId(batch.id() + "/" + number)
                .putAllParameters(batch.parameters());
        ByteString rest = text.substring(4 + headerLength);
        for (Matcher input = INPUT.matcher(header); input.find(); ) {
            rest = addInput(request, input, rest);
        }
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException(
                    "submissions: " + rest.size() + " bytes (expected: no more than the header says)");
        }
        return new Submission(number, new ReceivedRequest(request.build()));
    }

    /** Returns what lies behind its content. */
    private static ByteString addInput(ModelInferRequest.Builder request, Matcher input, ByteString rest) {
        InferInputTensor.Builder tensor =
                InferInputTensor.newBuilder().setName(group(input, 1)).setDatatype(group(input, 2));
        for (String dim : group(input, 3).split(",", -1)) {
            tensor.addShape(Long.parseLong(dim.strip()));
        }
        int size = size(tensor, rest);
        request.addInputs(tensor).addRawInputContents(rest.substring(0, size));
        return rest.substring(size);
    }

    private static int size(InferInputTensor.Builder tensor, ByteString rest) {
        int elements = 1;
        for (long dim : tensor.getShapeList()) {
            elements *= (int) dim;
        }
        int elementSize = elementSize(tensor.getDatatype());
        return elementSize > 0 ? elements * elementSize : sizeOfTexts(elements, rest);
    }

    private static int elementSize(String datatype) {
        return Datatype.valueOf(datatype).byteSize();
    }

    private static int sizeOfTexts(int elements, ByteString rest) {
        int size = 0;
        for (int i = 0; i < elements; i++) {
            size += 4 + length(rest.substring(size));
        }
        return size;
    }

    /** One that takes part in every match. */
    private static String group(Matcher matcher, int number) {
        return Objects.requireNonNull(matcher.group(number));
    }

    private static int length(ByteString data) {
        return data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    /** How many sequences it asks for. */
    int sequences() {
        Optional<Tensor> sequences = request.find("num_return_sequences");
        return sequences.isPresent() ? sequences.get().asInt() : 1;
    }
}
