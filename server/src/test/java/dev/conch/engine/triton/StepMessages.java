package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step as an engine would send it, made by the generated classes. Tensors may be left out or spoilt. */
final class StepMessages {
    /**
     * What is told of one sequence.
     *
     * @param logprobs one for each token, or none
     * @param top as many for each token as its request asked for; their logprobs are -1, -2 ...
     */
    record Row(
            long handle,
            int sequence,
            List<Integer> ids,
            List<Float> logprobs,
            List<Integer> top,
            int end,
            int cachedTokens,
            @Nullable String error) {}

    private final ModelInferResponse.Builder response = ModelInferResponse.newBuilder();

    private StepMessages(String subscription) {
        response.setId(subscription)
                .putParameters(
                        "triton_final_response",
                        InferParameter.newBuilder().setBoolParam(false).build());
    }

    static StepMessages of(String subscription, long step, List<Row> rows) {
        var message = new StepMessages(subscription);
        List<Row> failed = rows.stream().filter(row -> row.error() != null).toList();
        message.longs(StepTensor.STEP, List.of(step));
        message.longs(StepTensor.STEP_HANDLES, rows.stream().map(Row::handle).toList());
        message.ints(StepTensor.STEP_SEQUENCES, rows.stream().map(Row::sequence).toList());
        message.ints(
                StepTensor.STEP_COUNTS,
                rows.stream().map(row -> row.ids().size()).toList());
        message.ints(
                StepTensor.STEP_IDS,
                rows.stream().flatMap(row -> row.ids().stream()).toList());
        message.bytes(StepTensor.STEP_ENDS, rows.stream().map(Row::end).toList());
        message.ints(
                StepTensor.STEP_CACHED_TOKENS,
                rows.stream().map(Row::cachedTokens).toList());
        message.texts(failed.stream().map(row -> String.valueOf(row.error())).toList());
        message.floats(
                StepTensor.STEP_LOG_PROBS,
                rows.stream().flatMap(row -> row.logprobs().stream()).toList());
        List<Integer> top = rows.stream().flatMap(row -> row.top().stream()).toList();
        message.ints(StepTensor.STEP_TOP_IDS, top);
        message.floats(
                StepTensor.STEP_TOP_LOG_PROBS,
                top.stream().map(id -> (float) -id).toList());
        return message;
    }

    /** The same without this tensor. */
    StepMessages without(StepTensor tensor) {
        for (int i = response.getOutputsCount() - 1; i >= 0; i--) {
            if (response.getOutputs(i).getName().equals(tensor.tensorName())) {
                List<ByteString> contents = new ArrayList<>(response.getRawOutputContentsList());
                contents.remove(i);
                response.removeOutputs(i).clearRawOutputContents().addAllRawOutputContents(contents);
            }
        }
        return this;
    }

    /** The same, with other numbers in this tensor. */
    StepMessages with(StepTensor tensor, Integer... values) {
        without(tensor);
        if (tensor.datatype() == Datatype.UINT8) {
            bytes(tensor, List.of(values));
        } else {
            ints(tensor, List.of(values));
        }
        return this;
    }

    InputStream stream() {
        return new ByteArrayInputStream(bytes());
    }

    byte[] bytes() {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(response)
                .build()
                .toByteArray();
    }

    private void longs(StepTensor tensor, List<Long> values) {
        ByteBuffer data = buffer(Long.BYTES * values.size());
        values.forEach(data::putLong);
        add(tensor, values.size(), data);
    }

    private void ints(StepTensor tensor, List<Integer> values) {
        ByteBuffer data = buffer(Integer.BYTES * values.size());
        values.forEach(data::putInt);
        add(tensor, values.size(), data);
    }

    private void floats(StepTensor tensor, List<Float> values) {
        ByteBuffer data = buffer(Float.BYTES * values.size());
        values.forEach(data::putFloat);
        add(tensor, values.size(), data);
    }

    private void bytes(StepTensor tensor, List<Integer> values) {
        ByteBuffer data = buffer(values.size());
        values.forEach(value -> data.put(value.byteValue()));
        add(tensor, values.size(), data);
    }

    private void texts(List<String> texts) {
        ByteBuffer data = buffer(texts.stream()
                .mapToInt(text -> Integer.BYTES + text.getBytes(UTF_8).length)
                .sum());
        texts.forEach(text -> data.putInt(text.getBytes(UTF_8).length).put(text.getBytes(UTF_8)));
        add(StepTensor.STEP_ERRORS, texts.size(), data);
    }

    private void add(StepTensor tensor, int elements, ByteBuffer data) {
        response.addOutputs(InferOutputTensor.newBuilder()
                        .setName(tensor.tensorName())
                        .setDatatype(tensor.datatype().name())
                        .addShape(1)
                        .addShape(elements))
                .addRawOutputContents(ByteString.copyFrom(data.flip()));
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
