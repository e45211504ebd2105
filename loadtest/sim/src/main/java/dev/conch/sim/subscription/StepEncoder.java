package dev.conch.sim.subscription;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferResponse;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.tensor.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the responses of one subscription. Immutable. */
final class StepEncoder {
    private static final InferParameter NO =
            InferParameter.newBuilder().setBoolParam(false).build();

    private final String model;
    private final String subscription;

    StepEncoder(String model, String subscription) {
        this.model = model;
        this.subscription = subscription;
    }

    /** That the subscription is there. */
    byte[] confirmation() {
        return message(header());
    }

    /** @param corruption how the response breaks the contract; null if it keeps it */
    byte[] step(long number, Collection<News> news, @Nullable Corruption corruption) {
        ModelInferResponse.Builder response = header();
        List<Integer> ids = news.stream().flatMap(each -> each.ids().stream()).toList();
        List<String> errors = news.stream()
                .filter(each -> each.error() != null)
                .map(News::error)
                .toList();
        List<Float> logprobs =
                news.stream().flatMap(each -> each.logprobs().stream()).toList();
        List<Integer> topIds =
                news.stream().flatMap(each -> each.topIds().stream()).toList();
        List<Float> topLogprobs =
                news.stream().flatMap(each -> each.topLogprobs().stream()).toList();
        add(response, "step", Datatype.INT64, 1, bytes(8).putLong(number));
        ByteBuffer handles = bytes(8 * news.size());
        news.forEach(each -> handles.putLong(each.handle()));
        add(response, "step_handles", Datatype.UINT64, news.size(), handles);
        add(response, "step_sequences", news.stream().map(News::sequence).toList());
        add(
                response,
                "step_counts",
                news.stream().map(each -> each.ids().size()).toList());
        addIds(response, ids, corruption);
        ByteBuffer ends = bytes(news.size());
        news.forEach(each -> ends.put((byte) each.end()));
        add(response, "step_ends", Datatype.UINT8, news.size(), ends);
        add(
                response,
                "step_cached_tokens",
                news.stream().map(News::cachedTokens).toList());
        if (!errors.isEmpty()) {
            add(response, "step_errors", Datatype.BYTES, errors.size(), texts(errors));
        }
        if (!logprobs.isEmpty()) {
            addReals(response, "step_log_probs", logprobs);
        }
        if (!topIds.isEmpty()) {
            add(response, "step_top_ids", topIds);
            addReals(response, "step_top_log_probs", topLogprobs);
        }
        return message(corruption == Corruption.WRONG_ID ? response.setId("nobody-" + subscription) : response);
    }

    private static void addIds(
            ModelInferResponse.Builder response, List<Integer> ids, @Nullable Corruption corruption) {
        if (corruption == Corruption.MISSING_OUTPUT_IDS) {
            return;
        }
        add(response, "step_ids", ids);
        int last = response.getOutputsCount() - 1;
        if (corruption == Corruption.WRONG_DATATYPE) {
            response.getOutputsBuilder(last).setDatatype(Datatype.INT64.name());
        } else if (corruption == Corruption.WRONG_SHAPE) {
            response.getOutputsBuilder(last).clearShape().addShape(1);
        } else if (corruption == Corruption.WRONG_BYTE_SIZE) {
            response.setRawOutputContents(
                    last, response.getRawOutputContents(last).concat(ByteString.copyFrom(new byte[1])));
        }
    }

    private ModelInferResponse.Builder header() {
        return ModelInferResponse.newBuilder()
                .setModelName(model)
                .setModelVersion("1")
                .setId(subscription)
                .putParameters("triton_final_response", NO);
    }

    private static void add(ModelInferResponse.Builder response, String name, List<Integer> values) {
        ByteBuffer data = bytes(4 * values.size());
        values.forEach(data::putInt);
        add(response, name, Datatype.INT32, values.size(), data);
    }

    private static void addReals(ModelInferResponse.Builder response, String name, List<Float> values) {
        ByteBuffer data = bytes(4 * values.size());
        values.forEach(data::putFloat);
        add(response, name, Datatype.FP32, values.size(), data);
    }

    private static void add(
            ModelInferResponse.Builder response, String name, Datatype datatype, int elements, ByteBuffer data) {
        response.addOutputs(InferOutputTensor.newBuilder()
                        .setName(name)
                        .setDatatype(datatype.name())
                        .addShape(1)
                        .addShape(elements))
                .addRawOutputContents(ByteString.copyFrom(data.flip()));
    }

    private static ByteBuffer texts(List<String> texts) {
        List<byte[]> encoded = texts.stream().map(text -> text.getBytes(UTF_8)).toList();
        ByteBuffer data =
                bytes(encoded.stream().mapToInt(text -> 4 + text.length).sum());
        encoded.forEach(text -> data.putInt(text.length).put(text));
        return data;
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] message(ModelInferResponse.Builder response) {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(response)
                .build()
                .toByteArray();
    }
}
