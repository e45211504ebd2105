package dev.conch.sim.subscription;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import dev.conch.sim.tensor.TensorContract;
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
 * @param request with the tensors that could be read
 * @param refusal why not all of them could, in the words of Conch's model
 */
record Submission(long handle, ReceivedRequest request, Optional<String> refusal) {
    /** The header is JSON of one form only, so that no library is needed to read it. */
    private static final Pattern HEADER = Pattern.compile(
            "\\{\\s*\"handle\"\\s*:\\s*(-?\\d+)\\s*,\\s*\"inputs\"\\s*:\\s*\\[(.*)]\\s*}", Pattern.DOTALL);

    private static final Pattern HANDLE = Pattern.compile("\\d{1,19}");

    /** @throws BrokenSubmissionException if one of them does not even say whose request it is; then none is taken */
    static List<Submission> of(ReceivedRequest batch, TensorContract contract) throws BrokenSubmissionException {
        List<Submission> all = new ArrayList<>();
        ByteString data = batch.tensor("submissions").data();
        while (!data.isEmpty()) {
            int length = length(data);
            all.add(read("submissions[" + all.size() + "]", batch, data.substring(4, 4 + length), contract));
            data = data.substring(4 + length);
        }
        return all;
    }

    private static Submission read(String name, ReceivedRequest batch, ByteString text, TensorContract contract)
            throws BrokenSubmissionException {
        int room = text.size() - Integer.BYTES;
        if (room < 0) {
            throw new BrokenSubmissionException(
                    name, text.size() + " bytes", "the length of a header, a header, tensors");
        }
        int headerLength = length(text);
        if (headerLength < 0 || headerLength > room) {
            throw new BrokenSubmissionException(
                    name, "a header of " + Integer.toUnsignedLong(headerLength) + " bytes", "at most " + room);
        }
        Matcher header = HEADER.matcher(text.substring(4, 4 + headerLength).toStringUtf8());
        if (!header.matches()) {
            throw new BrokenSubmissionException(
                    name, "its header", "a JSON object {\"handle\": ..., \"inputs\": [...]}");
        }
        long handle = handle(name, Objects.requireNonNull(header.group(1)));
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName(batch.message().getModelName())
                .setId(batch.id() + "/" + handle)
                .putAllParameters(batch.parameters());
        SubmittedInputs inputs = new SubmittedInputs(contract, request, text.substring(4 + headerLength));
        Optional<String> refusal = inputs.read(Objects.requireNonNull(header.group(2)));
        return new Submission(handle, new ReceivedRequest(request.build()), refusal);
    }

    private static long handle(String name, String digits) throws BrokenSubmissionException {
        try {
            if (HANDLE.matcher(digits).matches()) {
                return Long.parseLong(digits);
            }
        } catch (NumberFormatException tooLarge) {
            // said below
        }
        throw new BrokenSubmissionException(name, "its handle", "0 to " + Long.MAX_VALUE);
    }

    static int length(ByteString data) {
        return data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    }

    /** How many sequences it asks for. */
    int sequences() {
        Optional<Tensor> sequences = request.find("num_return_sequences");
        return sequences.isPresent() ? sequences.get().asInt() : 1;
    }
}
