package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/**
 * Makes up messages of a stream: mostly as Triton sends them, often a little wrong, sometimes with fields that nobody knows or in two
 * parts that a parser has to merge.
 */
final class RandomResponses {
    static final String ID = "chatcmpl-42";

    private static final List<String> NAMES = List.of(
            "output_ids",
            "sequence_length",
            "finish_reason",
            "sequence_index",
            "output_log_probs",
            "top_logprob_ids",
            "top_logprobs",
            "cached_tokens",
            "cum_log_probs",
            "output_id",
            "");
    private static final List<String> DATATYPES = List.of("INT32", "INT64", "BYTES", "FP32", "");

    private final Random random;

    RandomResponses(Random random) {
        this.random = random;
    }

    /** A message that says these tokens, as Triton would. */
    static ModelStreamInferResponse tokens(int... ids) {
        var response =
                ModelInferResponse.newBuilder().setModelName("tensorrt_llm").setId(ID);
        tensor(response, "sequence_length", "INT32", int32(ids.length), 1, 1);
        tensor(response, "output_ids", "INT32", int32(ids), 1, 1, ids.length);
        return ModelStreamInferResponse.newBuilder().setInferResponse(response).build();
    }

    /** The same message, which also says why its sequence ended. */
    static ModelStreamInferResponse ended(ModelStreamInferResponse message, String finishReason) {
        ModelInferResponse.Builder response = message.getInferResponse().toBuilder();
        tensor(response, "finish_reason", "BYTES", text(finishReason), 1, 1);
        return message.toBuilder().setInferResponse(response).build();
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(message().toByteArray());
        if (oneIn(10)) {
            bytes.writeBytes(message().toByteArray());
        }
        return bytes.toByteArray();
    }

    private ModelStreamInferResponse message() {
        var message = ModelStreamInferResponse.newBuilder();
        if (oneIn(10)) {
            message.setErrorMessage("something went wrong: é");
        }
        if (!oneIn(20)) {
            message.setInferResponse(response());
        }
        return message.setUnknownFields(unknown()).build();
    }

    private ModelInferResponse response() {
        var response = ModelInferResponse.newBuilder().setModelName("tensorrt_llm");
        if (!oneIn(10)) {
            response.setId(oneIn(10) ? "other" : ID);
        }
        if (!oneIn(5)) {
            response.putParameters("triton_final_response", parameter());
        }
        if (oneIn(5)) {
            response.putParameters(oneIn(2) ? "triton_final_responses" : "", parameter());
        }
        tensors(response);
        int contents = response.getRawOutputContentsCount();
        if (contents > 0 && oneIn(20)) {
            var fewer = response.getRawOutputContentsList().subList(0, contents - 1);
            response.clearRawOutputContents().addAllRawOutputContents(List.copyOf(fewer));
        }
        return response.setUnknownFields(unknown()).build();
    }

    private void tensors(ModelInferResponse.Builder response) {
        if (oneIn(4)) {
            tensor(response, "cum_log_probs", "FP32", randomBytes(4), 1, 1);
        }
        int tokens = random.nextInt(5);
        if (!oneIn(6)) {
            int[] ids = random.ints(tokens).toArray();
            tensor(response, "output_ids", "INT32", padded(int32(ids)), shape(1, 1, ids.length));
            int length = oneIn(4) ? random.nextInt(7) - 1 : ids.length;
            tensor(response, "sequence_length", "INT32", padded(int32(length)), shape(1, 1));
        }
        if (oneIn(3)) {
            tensor(response, "finish_reason", "BYTES", text(oneIn(2) ? "stop" : "length"), shape(1, 1));
        }
        if (oneIn(3)) {
            logprobs(response, tokens);
        }
        if (oneIn(3)) {
            tensor(response, "sequence_index", "INT32", padded(int32(random.nextInt(4) - 1)), shape(1, 1));
        }
        if (oneIn(3)) {
            tensor(response, "cached_tokens", "INT32", padded(int32(random.nextInt(4) - 1)), shape(1, 1));
        }
        while (oneIn(6)) {
            tensor(response, oneOf(NAMES), oneOf(DATATYPES), randomBytes(random.nextInt(13)), randomShape());
        }
        if (oneIn(12)) {
            response.addOutputs(header(oneOf(NAMES), oneOf(DATATYPES), randomShape()));
        }
        if (oneIn(12)) {
            response.addRawOutputContents(randomBytes(random.nextInt(9)));
        }
        if (oneIn(12)) {
            response.addOutputs(unpacked("output_ids", "INT32", 1, 1, 2)).addRawOutputContents(int32(7, 8));
        }
    }

    /** Of all tokens so far or of some of them, with the alternatives or without; the counts are not always right. */
    private void logprobs(ModelInferResponse.Builder response, int tokens) {
        int count = random.nextInt(8);
        tensor(response, "output_log_probs", "FP32", padded(randomBytes(4 * count)), shape(1, 1, count));
        if (oneIn(2)) {
            int rows = oneIn(6) ? random.nextInt(3) : tokens;
            int columns = random.nextInt(3);
            ByteString ids = padded(randomBytes(4 * rows * columns));
            tensor(response, "top_logprob_ids", "INT32", ids, shape(1, rows, columns));
            columns = oneIn(6) ? random.nextInt(3) : columns;
            ByteString top = padded(randomBytes(4 * rows * columns));
            tensor(response, "top_logprobs", "FP32", top, shape(1, rows, columns));
        }
    }

    private static void tensor(
            ModelInferResponse.Builder response, String name, String datatype, ByteString content, long... shape) {
        response.addOutputs(header(name, datatype, shape)).addRawOutputContents(content);
    }

    private static InferOutputTensor header(String name, String datatype, long... shape) {
        var header = InferOutputTensor.newBuilder().setName(name).setDatatype(datatype);
        for (long size : shape) {
            header.addShape(size);
        }
        return header.build();
    }

    /** The dimensions one by one, as old senders may write them and every parser has to read them. */
    private static InferOutputTensor unpacked(String name, String datatype, long... shape) {
        var field = UnknownFieldSet.Field.newBuilder();
        for (long size : shape) {
            field.addVarint(size);
        }
        var fields = UnknownFieldSet.newBuilder().addField(InferOutputTensor.SHAPE_FIELD_NUMBER, field.build());
        return header(name, datatype).toBuilder()
                .setUnknownFields(fields.build())
                .build();
    }

    /** Mostly the shape as it should be, else one that is wrong before its last dimension, or all through. */
    private long[] shape(long... right) {
        long last = right[right.length - 1];
        return switch (random.nextInt(32)) {
            case 0 -> new long[] {last};
            case 1 -> new long[] {1, 1, 1, last};
            case 2 -> right.length == 3 ? new long[] {1, 2, last} : new long[] {2, last};
            case 3 -> randomShape();
            default -> right;
        };
    }

    private long[] randomShape() {
        return random.longs(random.nextInt(5), -1, 4).toArray();
    }

    private InferParameter parameter() {
        var parameter = InferParameter.newBuilder();
        switch (random.nextInt(8)) {
            case 0 -> parameter.setInt64Param(1);
            case 1 -> parameter.setStringParam("true");
            case 2 -> parameter.setDoubleParam(1);
            case 3 -> parameter.setUint64Param(1);
            case 4 -> parameter.clear();
            default -> parameter.setBoolParam(random.nextBoolean());
        }
        // Not unknown at all, once it is on the wire: a second alternative, of which the parser has to take the last.
        int alternative = 1 + random.nextInt(6);
        var second = UnknownFieldSet.Field.newBuilder().addVarint(random.nextInt(2));
        return oneIn(4)
                ? parameter
                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                .addField(alternative, second.build())
                                .build())
                        .build()
                : parameter.setUnknownFields(unknown()).build();
    }

    private UnknownFieldSet unknown() {
        var fields = UnknownFieldSet.newBuilder();
        while (oneIn(6)) {
            var field = UnknownFieldSet.Field.newBuilder();
            switch (random.nextInt(4)) {
                case 0 -> field.addVarint(random.nextLong());
                case 1 -> field.addFixed32(random.nextInt());
                case 2 -> field.addFixed64(random.nextLong());
                default -> field.addLengthDelimited(randomBytes(random.nextInt(20)));
            }
            fields.mergeField(20 + random.nextInt(200), field.build());
        }
        return fields.build();
    }

    private static ByteString int32(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return ByteString.copyFrom(bytes);
    }

    private static ByteString text(String text) {
        return int32(text.length()).concat(ByteString.copyFromUtf8(text));
    }

    /** Seldom with a byte too many. */
    private ByteString padded(ByteString content) {
        return oneIn(30) ? content.concat(randomBytes(1)) : content;
    }

    private ByteString randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }
}
