package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
        return new StreamResponse("", foreign, oracle.last(), oracle.tokenIds(), oracle.finishReason());
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
