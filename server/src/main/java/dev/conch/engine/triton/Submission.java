package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A generation's request as one element of {@link CommandTensor#SUBMISSIONS}: the length of a header, the header, and behind it the contents
 * of its inputs. The header is JSON: {@code {"handle": 7, "inputs": [["input_ids", "INT32", [1, 27]], ...]}}.
 */
final class Submission {
    private Submission() {}

    /** The contents of the inputs are not copied. */
    static ByteString of(long handle, ModelInferRequest request) {
        ByteString header = ByteString.copyFrom(header(handle, request), StandardCharsets.UTF_8);
        List<ByteString> parts = new ArrayList<>(2 + request.getRawInputContentsCount());
        parts.add(length(header));
        parts.add(header);
        parts.addAll(request.getRawInputContentsList());
        return ByteString.copyFrom(parts);
    }

    /** Names and types are the table's own, without a character that JSON would have escaped. */
    private static String header(long handle, ModelInferRequest request) {
        var header = new StringBuilder(64 * request.getInputsCount());
        header.append("{\"handle\": ").append(handle).append(", \"inputs\": [");
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor input = request.getInputs(i);
            header.append(i == 0 ? "[\"" : ", [\"").append(input.getName());
            header.append("\", \"").append(input.getDatatype()).append("\", ");
            header.append(input.getShapeList()).append(']');
        }
        return header.append("]}").toString();
    }

    /** What stands before a text of so many bytes. */
    static ByteString length(ByteString text) {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return UnsafeByteOperations.unsafeWrap(length.putInt(0, text.size()));
    }
}
