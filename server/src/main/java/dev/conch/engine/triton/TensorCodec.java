package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Says a request in tensors. What a request needs and the model lacks is refused by name, never left out. Thread-safe if the random
 * generator is.
 */
final class TensorCodec {
    /** Below this, logits divided by the temperature overflow; the most likely token is all that is left to choose. */
    private static final double GREEDY_BELOW = 1e-5;

    private static final InferParameter TRUE =
            InferParameter.newBuilder().setBoolParam(true).build();

    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});
    private static final ByteString ONE = ByteString.copyFrom(new byte[] {1});

    private final RandomGenerator seeds;

    /** @param seeds where the seed of a request comes from that names none; the engine's own default would be 0 for everyone */
    TensorCodec(RandomGenerator seeds) {
        this.seeds = seeds;
    }

    /** @throws GenerationException UNSUPPORTED_PARAMETER if the model has no tensor for something that was asked */
    ModelInferRequest encode(GenerationRequest request, ModelCapabilities model) {
        var tensors = new Tensors(model);
        prompt(request.promptTokenIds(), tensors);
        stop(request.stop(), tensors);
        sampling(request.sampling(), tensors);
        delivery(streams(request, model), tensors);
        model.outputs().forEach(tensors::output);
        return tensors.message
                .setModelName(request.engineModel())
                .setId(request.id())
                .putParameters("triton_enable_empty_final_response", TRUE)
                .build();
    }

    /**
     * Whether the engine is told to stream. A model that cannot leave the prompt out of a single answer streams that too: a stream
     * never repeats the prompt.
     */
    static boolean streams(GenerationRequest request, ModelCapabilities model) {
        return request.streaming() || !model.has(InputTensor.EXCLUDE_INPUT_IN_OUTPUT);
    }

    private static void prompt(int[] tokenIds, Tensors tensors) {
        tensors.ints(InputTensor.INPUT_IDS, tokenIds);
        tensors.ints(InputTensor.INPUT_LENGTHS, tokenIds.length);
    }

    private static void stop(StopConditions stop, Tensors tensors) {
        tensors.ints(InputTensor.REQUEST_OUTPUT_LEN, stop.maxTokens());
        List<Integer> ends = stop.endTokenIds();
        if (!ends.isEmpty()) {
            tensors.ints(InputTensor.END_ID, ends.getFirst());
        }
        if (ends.size() > 1) {
            tensors.add(
                    InputTensor.STOP_WORDS_LIST, singleTokenWords(ends.subList(1, ends.size())), 2, ends.size() - 1);
        }
    }

    /** Each token a word of its own: the ids, and below them the offsets 1, 2, 3 ... at which the words end. */
    private static ByteString singleTokenWords(List<Integer> tokenIds) {
        int[] words = new int[2 * tokenIds.size()];
        for (int i = 0; i < tokenIds.size(); i++) {
            words[i] = tokenIds.get(i);
            words[tokenIds.size() + i] = i + 1;
        }
        return int32(words);
    }

    private void sampling(SamplingParams sampling, Tensors tensors) {
        if (sampling.temperature() < GREEDY_BELOW) {
            tensors.ints(InputTensor.RUNTIME_TOP_K, 1);
        } else {
            tensors.real(InputTensor.TEMPERATURE, sampling.temperature());
            // Without it the engine is greedy whatever the temperature, and a 0 after rounding counts as absent.
            tensors.real(InputTensor.RUNTIME_TOP_P, Math.max(sampling.topP(), Float.MIN_NORMAL));
        }
        seed(sampling, tensors);
        penalty(InputTensor.PRESENCE_PENALTY, sampling.presencePenalty(), tensors);
        penalty(InputTensor.FREQUENCY_PENALTY, sampling.frequencyPenalty(), tensors);
    }

    /** Negative seeds keep their bits: the tensor is unsigned, its values are not. */
    private void seed(SamplingParams sampling, Tensors tensors) {
        Long asked = sampling.seed();
        if (asked != null || tensors.model.has(InputTensor.SEED)) {
            long seed = asked != null ? asked : seeds.nextLong();
            tensors.add(InputTensor.SEED, uint64(seed), 1);
        }
    }

    private static void penalty(InputTensor tensor, double value, Tensors tensors) {
        if (value != 0) {
            tensors.real(tensor, value);
        }
    }

    private static void delivery(boolean streaming, Tensors tensors) {
        tensors.flag(InputTensor.STREAMING, streaming);
        if (!streaming) {
            tensors.flag(InputTensor.EXCLUDE_INPUT_IN_OUTPUT, true);
        }
    }

    private static ByteString int32(int... values) {
        ByteBuffer bytes = bytes(Integer.BYTES * values.length);
        bytes.asIntBuffer().put(values);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static ByteString uint64(long value) {
        return UnsafeByteOperations.unsafeWrap(bytes(Long.BYTES).putLong(0, value));
    }

    private static ByteString fp32(float value) {
        return UnsafeByteOperations.unsafeWrap(bytes(Float.BYTES).putFloat(0, value));
    }

    /** Wrapped without a copy later: nobody else holds it. */
    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A request message that is being filled, under the names that one model uses. */
    private static final class Tensors {
        private final ModelCapabilities model;
        private final ModelInferRequest.Builder message = ModelInferRequest.newBuilder();

        Tensors(ModelCapabilities model) {
            this.model = model;
        }

        void ints(InputTensor tensor, int... values) {
            add(tensor, int32(values), values.length);
        }

        void real(InputTensor tensor, double value) {
            add(tensor, fp32((float) value), 1);
        }

        void flag(InputTensor tensor, boolean value) {
            add(tensor, value ? ONE : ZERO, 1);
        }

        void add(InputTensor tensor, ByteString content, long... shape) {
            String name = model.nameOf(tensor);
            if (name == null) {
                throw unsupported(tensor);
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

        private static GenerationException unsupported(InputTensor tensor) {
            String param = tensor.param();
            String what = param == null ? tensor.tensorName() : param;
            return new GenerationException(
                    ErrorCode.UNSUPPORTED_PARAMETER, what + ": not supported by this model", param);
        }
    }
}
