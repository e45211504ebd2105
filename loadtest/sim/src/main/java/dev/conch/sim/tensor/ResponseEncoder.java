package dev.conch.sim.tensor;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.script.Corruption;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the responses to one request, as the bytes of {@link ModelStreamInferResponse}. Not thread-safe: the engine's thread
 * owns it.
 *
 * <p>All responses with one token, no final flag and nothing else are equal up to four bytes: the first is encoded, the others
 * are copies of it with another id. This keeps the simulated server cheaper than whatever it is there to measure.
 */
public final class ResponseEncoder {
    private static final String FINAL_RESPONSE = "triton_final_response";
    private static final InferParameter YES =
            InferParameter.newBuilder().setBoolParam(true).build();
    private static final InferParameter NO =
            InferParameter.newBuilder().setBoolParam(false).build();

    /** The last field is raw_output_contents: tag, length and data of output_ids, then of sequence_length. */
    private static final int ID_FROM_END = 4 + 2 + 4;

    private final String model;
    private final String requestId;
    private @Nullable Corruption corruption;
    private byte @Nullable [] oneToken;

    public ResponseEncoder(String model, String requestId) {
        this.model = model;
        this.requestId = requestId;
    }

    /** From now on responses with tokens break the contract. */
    public void corrupt(Corruption how) {
        corruption = how;
        oneToken = null;
    }

    /** New tokens, with further tensors if there are any. */
    public byte[] tokens(int[] ids, boolean isFinal, List<Tensor> more) {
        if (ids.length != 1 || isFinal || !more.isEmpty()) {
            return encode(ids, isFinal, more);
        }
        if (oneToken == null) {
            oneToken = encode(ids, false, more);
        }
        byte[] copy = oneToken.clone();
        ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putInt(copy.length - ID_FROM_END, ids[0]);
        return copy;
    }

    /** The final flag and nothing else. Triton leaves the version out here. */
    public byte[] finalFlag() {
        return message(header().clearModelVersion().putParameters(FINAL_RESPONSE, YES));
    }

    /** A failure that the engine reports; it ends the request. */
    public byte[] engineError(String text) {
        return error(text, ModelInferResponse.newBuilder().setId(requestId).putParameters(FINAL_RESPONSE, YES));
    }

    /** A refusal by Triton's core: there is no final flag, the text has to do. */
    public byte[] refusal(String text) {
        return error(text, ModelInferResponse.newBuilder().setId(requestId));
    }

    private static byte[] error(String text, ModelInferResponse.Builder response) {
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(text)
                .setInferResponse(response)
                .build()
                .toByteArray();
    }

    private byte[] encode(int[] ids, boolean isFinal, List<Tensor> more) {
        ModelInferResponse.Builder response = header().putParameters(FINAL_RESPONSE, isFinal ? YES : NO);
        add(response, Tensor.int32s("output_ids", List.of(1L, 1L, (long) ids.length), ids));
        add(response, Tensor.int32("sequence_length", ids.length));
        more.forEach(tensor -> add(response, tensor));
        if (corruption != null) {
            apply(corruption, response);
        }
        return message(response);
    }

    private ModelInferResponse.Builder header() {
        return ModelInferResponse.newBuilder()
                .setModelName(model)
                .setModelVersion("1")
                .setId(requestId);
    }

    private static void add(ModelInferResponse.Builder response, Tensor tensor) {
        response.addOutputs(InferOutputTensor.newBuilder()
                        .setName(tensor.name())
                        .setDatatype(tensor.datatype().name())
                        .addAllShape(tensor.shape()))
                .addRawOutputContents(tensor.data());
    }

    private static byte[] message(ModelInferResponse.Builder response) {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(response)
                .build()
                .toByteArray();
    }

    private static void apply(Corruption corruption, ModelInferResponse.Builder response) {
        switch (corruption) {
            case WRONG_ID -> response.setId("nobody-" + response.getId());
            case WRONG_DATATYPE -> response.getOutputsBuilder(0).setDatatype(Datatype.INT64.name());
            case WRONG_SHAPE -> response.getOutputsBuilder(0).clearShape().addShape(1);
            case WRONG_BYTE_SIZE -> response.setRawOutputContents(0, withoutLastByte(response.getRawOutputContents(0)));
            case MISSING_OUTPUT_IDS -> removeFirst(response);
        }
    }

    private static ByteString withoutLastByte(ByteString data) {
        return data.isEmpty() ? ByteString.copyFrom(new byte[1]) : data.substring(0, data.size() - 1);
    }

    private static void removeFirst(ModelInferResponse.Builder response) {
        List<ByteString> contents = List.copyOf(response.getRawOutputContentsList());
        response.removeOutputs(0)
                .clearRawOutputContents()
                .addAllRawOutputContents(contents.subList(1, contents.size()));
    }
}
