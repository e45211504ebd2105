package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a stream's message the obvious way, with the generated parser; slow, and short enough to be seen to be right. */
final class ResponseOracle {
    private final ModelInferResponse response;

    private ResponseOracle(ModelInferResponse response) {
        this.response = response;
    }

    static StreamResponse parse(byte[] message, String requestId) throws IOException {
        var parsed = ModelStreamInferResponse.parseFrom(message);
        if (!parsed.getErrorMessage().isEmpty()) {
            return StreamResponse.failed(parsed.getErrorMessage());
        }
        var oracle = new ResponseOracle(parsed.getInferResponse());
        boolean foreign = !parsed.getInferResponse().getId().equals(requestId);
        int[] tokenIds = oracle.tokenIds();
        return new StreamResponse(
                "",
                foreign,
                oracle.last(),
                oracle.count("sequence_index"),
                tokenIds,
                oracle.logprobs(tokenIds.length),
                oracle.count("cached_tokens"),
                oracle.finishReason());
    }

    private boolean last() {
        InferParameter parameter = response.getParametersMap().get("triton_final_response");
        return parameter != null && parameter.getBoolParam();
    }

    private int[] tokenIds() throws BrokenContractException {
        if (response.getOutputsCount() == 0) {
            return new int[0];
        }
        int[] padded = ints("output_ids", 3);
        int[] length = ints("sequence_length", 2);
        require(length.length == 1 && length[0] >= 0 && length[0] <= padded.length, "sequence_length");
        int[] ids = new int[length[0]];
        System.arraycopy(padded, 0, ids, 0, ids.length);
        return ids;
    }

    private @Nullable String finishReason() throws BrokenContractException {
        if (index("finish_reason") < 0) {
            return null;
        }
        ByteBuffer content = row("finish_reason", "BYTES", 2);
        require(elements("finish_reason") == 1 && content.remaining() >= 4, "finish_reason");
        require(content.getInt() == content.remaining(), "finish_reason");
        return ByteString.copyFrom(content).toStringUtf8();
    }

    private int count(String name) throws BrokenContractException {
        if (index(name) < 0) {
            return StreamResponse.UNTOLD;
        }
        int[] count = ints(name, 2);
        require(count.length == 1 && count[0] >= 0, name);
        return count[0];
    }

    private @Nullable ResponseLogprobs logprobs(int tokens) throws BrokenContractException {
        if (index("output_log_probs") < 0) {
            return null;
        }
        float[] all = floats(row("output_log_probs", "FP32", 3), elements("output_log_probs"), "output_log_probs");
        float[] latest = Arrays.copyOfRange(all, Math.max(0, all.length - tokens - 1), all.length);
        if (index("top_logprob_ids") < 0 && index("top_logprobs") < 0) {
            return new ResponseLogprobs(all.length, latest, new int[0], new float[0]);
        }
        int[] ids = toInts(table("top_logprob_ids", "INT32", tokens), tokens * elements("top_logprob_ids"));
        float[] top = floats(table("top_logprobs", "FP32", tokens), tokens * elements("top_logprobs"), "top_logprobs");
        require(ids.length == top.length, "top_logprobs");
        return new ResponseLogprobs(all.length, latest, ids, top);
    }

    private static int[] toInts(ByteBuffer content, long elements) throws BrokenContractException {
        require(content.remaining() == 4 * elements, "top_logprob_ids");
        int[] values = new int[content.remaining() / 4];
        content.asIntBuffer().get(values);
        return values;
    }

    private static float[] floats(ByteBuffer content, long elements, String name) throws BrokenContractException {
        require(content.remaining() == 4 * elements, name);
        float[] values = new float[content.remaining() / 4];
        content.asFloatBuffer().get(values);
        return values;
    }

    /** The data of a tensor [1, rows, any]. */
    private ByteBuffer table(String name, String datatype, int rows) throws BrokenContractException {
        int index = index(name);
        require(index >= 0 && index < response.getRawOutputContentsCount(), name);
        InferOutputTensor tensor = response.getOutputs(index);
        require(tensor.getDatatype().equals(datatype) && tensor.getShapeCount() == 3, name);
        require(tensor.getShape(0) == 1 && tensor.getShape(1) == rows && tensor.getShape(2) >= 0, name);
        return response.getRawOutputContents(index).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private int[] ints(String name, int rank) throws BrokenContractException {
        ByteBuffer content = row(name, "INT32", rank);
        require(content.remaining() == 4 * elements(name), name);
        int[] values = new int[content.remaining() / 4];
        content.asIntBuffer().get(values);
        return values;
    }

    /** The data of a tensor all of whose dimensions are 1, but perhaps for the last. */
    private ByteBuffer row(String name, String datatype, int rank) throws BrokenContractException {
        int index = index(name);
        require(index >= 0 && index < response.getRawOutputContentsCount(), name);
        InferOutputTensor tensor = response.getOutputs(index);
        require(tensor.getDatatype().equals(datatype) && tensor.getShapeCount() == rank, name);
        List<Long> leading = tensor.getShapeList().subList(0, rank - 1);
        require(leading.stream().allMatch(size -> size == 1), name);
        return response.getRawOutputContents(index).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    private long elements(String name) {
        return response.getOutputs(index(name)).getShapeList().getLast();
    }

    /** Of several tensors with one name the last. */
    private int index(String name) {
        int index = response.getOutputsCount() - 1;
        while (index >= 0 && !response.getOutputs(index).getName().equals(name)) {
            index--;
        }
        return index;
    }

    private static void require(boolean condition, String name) throws BrokenContractException {
        if (!condition) {
            throw new BrokenContractException(name);
        }
    }
}
