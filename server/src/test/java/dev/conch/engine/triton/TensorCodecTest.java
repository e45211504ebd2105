package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.EngineRequests.singleAnswer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected tensors are written as {@code type[shape] raw bytes}, so that they can be read against the reference. */
class TensorCodecTest {
    private static final String RANDOM_SEED = "UINT64[1, 1] 08 07 06 05 04 03 02 01";

    private final RandomGenerator seeds = () -> 0x0102030405060708L;
    private final TensorCodec codec = new TensorCodec(seeds);

    @Test
    void encodesAGreedyRequest() throws Exception {
        assertThat(tensors(request(SamplingParams.of(0, 1, 0, 0, null))))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "input_ids",
                        "INT32[1, 10] " + hex(IntStream.range(100, 110).toArray()),
                        "input_lengths",
                        "INT32[1, 1] 0A 00 00 00",
                        "request_output_len",
                        "INT32[1, 1] 40 00 00 00",
                        "end_id",
                        "INT32[1, 1] 02 00 00 00",
                        "streaming",
                        "BOOL[1, 1] 01",
                        "runtime_top_k",
                        "INT32[1, 1] 01 00 00 00",
                        "seed",
                        RANDOM_SEED));
    }

    @Test
    void asksForTheWholeDistributionByDefault() throws Exception {
        assertThat(tensors(request(SamplingParams.DEFAULT)))
                .containsEntry("temperature", "FP32[1, 1] 00 00 80 3F")
                .containsEntry("runtime_top_p", "FP32[1, 1] 00 00 80 3F")
                .doesNotContainKeys("runtime_top_k", "presence_penalty", "frequency_penalty");
    }

    @Test
    void encodesEverySamplingParameter() throws Exception {
        assertThat(tensors(request(SamplingParams.of(0.5, 0.25, -2, 1.5, 7L))))
                .containsEntry("temperature", "FP32[1, 1] 00 00 00 3F")
                .containsEntry("runtime_top_p", "FP32[1, 1] 00 00 80 3E")
                .containsEntry("frequency_penalty", "FP32[1, 1] 00 00 00 C0")
                .containsEntry("presence_penalty", "FP32[1, 1] 00 00 C0 3F")
                .containsEntry("seed", "UINT64[1, 1] 07 00 00 00 00 00 00 00");
    }

    @Test
    void keepsTheBitsOfANegativeSeed() throws Exception {
        assertThat(tensors(request(SamplingParams.of(1, 1, 0, 0, -2L))))
                .containsEntry("seed", "UINT64[1, 1] FE FF FF FF FF FF FF FF");
    }

    @Test
    void takesATemperatureTooSmallToDivideByAsGreedy() throws Exception {
        assertThat(tensors(request(SamplingParams.of(1e-40, 1, 0, 0, null))))
                .containsKey("runtime_top_k")
                .doesNotContainKeys("temperature", "runtime_top_p");
    }

    @Test
    void neverLetsTopPVanish() throws Exception {
        assertThat(tensors(request(SamplingParams.of(1, 1e-300, 0, 0, null))))
                .containsEntry("runtime_top_p", "FP32[1, 1] 00 00 80 00");
    }

    @Test
    void sendsFurtherEndTokensAsStopWordsOfOneToken() throws Exception {
        assertThat(tensors(request(64, 2, 5, 7, 9)))
                .containsEntry("end_id", "INT32[1, 1] 02 00 00 00")
                .containsEntry("stop_words_list", "INT32[1, 2, 3] " + hex(5, 7, 9, 1, 2, 3));
    }

    @Test
    void doesWithoutEndTokens() throws Exception {
        assertThat(tensors(request(64, new Integer[0]))).doesNotContainKeys("end_id", "stop_words_list");
    }

    @Test
    void asksForASingleAnswerWithoutThePrompt() throws Exception {
        assertThat(tensors(singleAnswer()))
                .containsEntry("streaming", "BOOL[1, 1] 00")
                .containsEntry("exclude_input_in_output", "BOOL[1, 1] 01");
    }

    @Test
    void streamsASingleAnswerWhereThePromptCannotBeLeftOut() throws Exception {
        var model = new ModelDescriptions().without("exclude_input_in_output");
        assertThat(tensors(singleAnswer(), model)).containsEntry("streaming", "BOOL[1, 1] 01");
    }

    @Test
    void usesTheModelsOwnNames() throws Exception {
        var model = new ModelDescriptions().without("seed").withInput("random_seed", "UINT64");
        assertThat(tensors(request(), model))
                .containsEntry("random_seed", RANDOM_SEED)
                .doesNotContainKey("seed");
    }

    @Test
    void namesTheRequestItsModelAndTheOutputsToSend() throws Exception {
        GenerationRequest request = request();
        ModelInferRequest message = codec.encode(request, new ModelDescriptions().read());
        assertThat(message.getId()).isEqualTo(request.id());
        assertThat(message.getModelName()).isEqualTo("tensorrt_llm");
        assertThat(message.getModelVersion()).isEmpty();
        assertThat(message.getParametersMap()).containsOnlyKeys("triton_enable_empty_final_response");
        assertThat(message.getParametersOrThrow("triton_enable_empty_final_response")
                        .getBoolParam())
                .isTrue();
        assertThat(message.getOutputsList())
                .extracting(InferRequestedOutputTensor::getName)
                .containsExactlyInAnyOrder("output_ids", "sequence_length", "finish_reason");
    }

    @Test
    void asksOnlyForOutputsThatTheModelHas() throws Exception {
        ModelInferRequest message = codec.encode(
                request(), new ModelDescriptions().without("finish_reason").read());
        assertThat(message.getOutputsList())
                .extracting(InferRequestedOutputTensor::getName)
                .containsExactlyInAnyOrder("output_ids", "sequence_length");
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, temperature",
        "runtime_top_p, top_p",
        "seed, seed",
        "presence_penalty, presence_penalty",
        "frequency_penalty, frequency_penalty"
    })
    void refusesByNameWhatTheModelLacks(String tensor, String param) throws Exception {
        ModelCapabilities model = new ModelDescriptions().without(tensor).read();
        GenerationRequest all = request(SamplingParams.of(0.5, 0.5, 0.5, 0.5, 1L));
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> codec.encode(all, model))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER))
                .satisfies(e -> assertThat(e.param()).isEqualTo(param))
                .withMessageStartingWith(param + ": ");
    }

    @Test
    void needsOnlyTheTensorsThatTheRequestUses() throws Exception {
        var poor = new ModelDescriptions()
                .without("temperature")
                .without("runtime_top_p")
                .without("seed")
                .without("presence_penalty")
                .without("frequency_penalty");
        assertThat(tensors(request(SamplingParams.of(0, 1, 0, 0, null)), poor)).containsKey("runtime_top_k");
    }

    private Map<String, String> tensors(GenerationRequest request) throws Exception {
        return tensors(request, new ModelDescriptions());
    }

    private Map<String, String> tensors(GenerationRequest request, ModelDescriptions model) throws Exception {
        ModelInferRequest message = codec.encode(request, model.read());
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

    private static String hex(int... values) {
        byte[] bytes = new byte[4 * values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (values[i / 4] >> (8 * (i % 4)));
        }
        return hex(bytes);
    }

    private static String hex(byte[] bytes) {
        return String.join(
                " ",
                IntStream.range(0, bytes.length)
                        .mapToObj(i -> "%02X".formatted(bytes[i]))
                        .toList());
    }
}
