package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.logprobs;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Expected tensors are written as {@code type[shape] raw bytes}, so that they can be read against the reference. */
abstract class TensorsOfRequestsTest {
    static final String RANDOM_SEED = "UINT64[1, 1] 08 07 06 05 04 03 02 01";

    final TensorCodec codec = new TensorCodec(() -> 0x0102030405060708L);

    final void assertRefused(GenerationRequest request, ModelCapabilities model, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> codec.encode(request, model))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.param()).isEqualTo(param))
                .withMessageStartingWith(param + ": ");
    }

    /** A model that has everything, and says how many tokens it has. */
    static ModelDescriptions knowing() {
        return new ModelDescriptions().withParameter("vocab_size", "8");
    }

    /** Asks for all there is. */
    static GenerationRequest everything() {
        var sampling = new SamplingParams(
                0.5, 0.5, 40, 0.25, 0.5, 0.5, 1.5, 3, Map.of(3, 2f), List.of(), List.of(List.of(4)), 1L);
        var stop = new StopConditions(64, 5, List.of(2), List.of(7), List.of(), false);
        return logprobs(request(sampling, stop), 3);
    }

    final Map<String, String> tensors(GenerationRequest request) throws Exception {
        return tensors(request, new ModelDescriptions());
    }

    final Map<String, String> tensors(GenerationRequest request, ModelDescriptions model) throws Exception {
        return inputs(codec.encode(request, model.read()));
    }

    static Map<String, String> inputs(ModelInferRequest message) {
        Map<String, String> tensors = new LinkedHashMap<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            InferInputTensor input = message.getInputs(i);
            String before = tensors.put(
                    input.getName(),
                    input.getDatatype() + input.getShapeList() + " "
                            + hex(message.getRawInputContents(i).toByteArray()));
            assertThat(before).as(input.getName()).isNull();
        }
        assertThat(message.getRawInputContentsCount()).isEqualTo(tensors.size());
        return tensors;
    }

    static String floats(float... values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return hex(bits);
    }

    static String hex(int... values) {
        byte[] bytes = new byte[4 * values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i / 4] >> (8 * (i % 4)));
        }
        return hex(bytes);
    }

    static String hex(byte[] bytes) {
        return String.join(
                " ",
                IntStream.range(0, bytes.length)
                        .mapToObj(i -> "%02X".formatted(bytes[i]))
                        .toList());
    }
}
