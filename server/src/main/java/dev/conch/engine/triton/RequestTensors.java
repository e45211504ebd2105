package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request message that is being filled, under the names that one model uses. Not thread-safe. */
final class RequestTensors {
    private static final InferParameter TRUE =
            InferParameter.newBuilder().setBoolParam(true).build();

    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});
    private static final ByteString ONE = ByteString.copyFrom(new byte[] {1});

    private final ModelCapabilities model;
    private final ModelInferRequest.Builder message = ModelInferRequest.newBuilder();

    RequestTensors(ModelCapabilities model) {
        this.model = model;
    }

    void ints(InputTensor tensor, int... values) {
        add(tensor, int32(values), values.length);
    }

    void real(InputTensor tensor, double value) {
        add(tensor, UnsafeByteOperations.unsafeWrap(bytes(Float.BYTES).putFloat(0, (float) value)), 1);
    }

    /** All 64 bits; the tensor is unsigned, the value is not. */
    void bits(InputTensor tensor, long value) {
        add(tensor, UnsafeByteOperations.unsafeWrap(bytes(Long.BYTES).putLong(0, value)), 1);
    }

    void flag(InputTensor tensor, boolean value) {
        add(tensor, value ? ONE : ZERO, 1);
    }

    /** One text, in UTF-8 behind its length in bytes. */
    void text(InputTensor tensor, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = bytes(Integer.BYTES + utf8.length);
        add(
                tensor,
                UnsafeByteOperations.unsafeWrap(
                        bytes.putInt(utf8.length).put(utf8).flip()),
                1);
    }

    /** A list of token sequences, none of them empty; nothing if there are none. */
    void words(InputTensor tensor, List<List<Integer>> words) {
        if (!words.isEmpty()) {
            int[] rows = TokenWords.of(words);
            add(tensor, int32(rows), 2, rows.length / 2);
        }
    }

    /** @throws GenerationException UNSUPPORTED_PARAMETER if the model has no such tensor */
    void add(InputTensor tensor, ByteString content, long... shape) {
        String name = model.nameOf(tensor);
        if (name == null) {
            throw unsupported(tensor, tensor.param());
        }
        var input = InferInputTensor.newBuilder()
                .setName(name)
                .setDatatype(tensor.datatype().name())
                .addShape(1);
        Arrays.stream(shape).forEach(input::addShape);
        message.addInputs(input).addRawInputContents(content);
    }

    void output(OutputTensor tensor) {
        message.addOutputs(InferRequestedOutputTensor.newBuilder().setName(tensor.tensorName()));
    }

    /** The message; its last response will say that it is the last, even if it says nothing else. */
    ModelInferRequest message(String engineModel, String id) {
        return message.setModelName(engineModel)
                .setId(id)
                .putParameters("triton_enable_empty_final_response", TRUE)
                .build();
    }

    static GenerationException unsupported(InputTensor tensor, @Nullable String param) {
        String what = param == null ? tensor.tensorName() : param;
        return new GenerationException(ErrorCode.UNSUPPORTED_PARAMETER, what + ": not supported by this model", param);
    }

    private static ByteString int32(int... values) {
        ByteBuffer bytes = bytes(Integer.BYTES * values.length);
        bytes.asIntBuffer().put(values);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Wrapped without a copy later: nobody else holds it. */
    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
