package dev.conch.sim;

import static dev.conch.sim.StreamClient.isFinal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.InferTensorContents;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.tensor.Datatype;
import dev.conch.sim.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that Triton's core or the engine does not take, and the words in which they say so. */
class ValidationTest extends WireTest {
    private ModelStreamInferResponse answerTo(ModelInferRequest.Builder request) throws Exception {
        return answerTo(request, EngineVariant.conch());
    }

    private ModelStreamInferResponse answerTo(ModelInferRequest.Builder request, EngineVariant variant)
            throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder()
                .variant(variant)
                .limits(EngineLimits.roomy().withMaxSequenceLength(10).withVocabularySize(2_000)));
        return open(triton).sendOnly(request).next();
    }

    private void assertCoreRefuses(ModelInferRequest.Builder request, String text) throws Exception {
        ModelStreamInferResponse answer = answerTo(request);
        assertThat(answer.getErrorMessage()).isEqualTo(text);
        assertThat(answer.getInferResponse().getId()).isEqualTo("r");
        assertThat(answer.getInferResponse().getParametersMap()).isEmpty();
    }

    private void assertEngineRefuses(ModelInferRequest.Builder request, String text) throws Exception {
        ModelStreamInferResponse answer = answerTo(request);
        assertThat(answer.getErrorMessage()).isEqualTo(text);
        assertThat(isFinal(answer)).isTrue();
    }

    private static ModelInferRequest.Builder request() {
        return Requests.streaming("r", 5, 1, 2, 3);
    }

    private static InferParameter yes() {
        return InferParameter.newBuilder().setBoolParam(true).build();
    }

    @Test
    void anUnknownModel() throws Exception {
        assertCoreRefuses(request().setModelName("m"), "Request for unknown model: 'm' is not found");
    }

    @Test
    void anUnknownVersion() throws Exception {
        assertCoreRefuses(
                request().setModelVersion("7"), "Request for unknown model: 'tensorrt_llm' version 7 is not found");
    }

    @Test
    void anUnknownInput() throws Exception {
        assertCoreRefuses(
                Requests.with(request(), Tensor.int32("random_sed", 1)),
                "unexpected inference input 'random_sed' for model 'tensorrt_llm'");
    }

    @Test
    void theOtherVariantsNameOfAnInput() throws Exception {
        var request = Requests.with(request(), Tensor.uint64("seed", 1));
        assertThat(answerTo(request, EngineVariant.tensorRtLlmWithOldNames()).getErrorMessage())
                .isEqualTo("unexpected inference input 'seed' for model 'tensorrt_llm'");
    }

    @Test
    void anAdditiveInputThatNvidiaLacks() throws Exception {
        var request = Requests.with(request(), Tensor.fp32Row("min_p", 0.1f));
        assertThat(answerTo(request, EngineVariant.tensorRtLlm()).getErrorMessage())
                .isEqualTo("unexpected inference input 'min_p' for model 'tensorrt_llm'");
        assertThat(answerTo(request, EngineVariant.conch()).getErrorMessage()).isEmpty();
    }

    @Test
    void theSameInputTwice() throws Exception {
        assertCoreRefuses(
                Requests.with(request(), Tensor.int32("end_id", 1), Tensor.int32("end_id", 2)),
                "input 'end_id' already exists in request");
    }

    @Test
    void anUnknownOutput() throws Exception {
        assertCoreRefuses(
                Requests.wanting(request(), "output_ids", "sequence_length", "text"),
                "unexpected inference output 'text' for model 'tensorrt_llm'");
    }

    @Test
    void tooFewInputs() throws Exception {
        assertCoreRefuses(
                Requests.with(Requests.empty("r"), Tensor.int32("input_lengths", 1)),
                "[request id: r] expected number of inputs between 2 and 71 but got 1 inputs for model 'tensorrt_llm'");
    }

    @Test
    void aMissingRequiredInputPassesTheCoreIfThereAreEnoughOthers() throws Exception {
        var request =
                Requests.with(Requests.empty("r"), Tensor.int32Row("input_ids", 1), Tensor.int32("input_lengths", 1));
        assertEngineRefuses(request, "request_output_len: absent (expected: present)");
    }

    @Test
    void aWrongDatatype() throws Exception {
        Tensor endId = Tensor.int32("end_id", 2);
        assertCoreRefuses(
                Requests.with(request(), new Tensor("end_id", Datatype.UINT32, endId.shape(), endId.data())),
                "[request id: r] inference input 'end_id' data-type is 'UINT32', but model 'tensorrt_llm' expects"
                        + " 'INT32'");
    }

    @Test
    void aMissingBatchDimension() throws Exception {
        assertCoreRefuses(
                Requests.with(request(), Tensor.int32s("end_id", List.of(1L), 2)),
                "[request id: r] unexpected shape for input 'end_id' for model 'tensorrt_llm'. Expected [-1,1], got [1]."
                        + " NOTE: Setting a non-zero max_batch_size in the model config requires a batch dimension to be"
                        + " prepended to each input shape. If you want to specify the full shape including the batch dim in"
                        + " your input dims config, try setting max_batch_size to zero. See the model configuration docs for"
                        + " more info on max_batch_size.");
    }

    @Test
    void aBrokenListOfWords() throws Exception {
        var request = Requests.with(request(), Tensor.int32s("stop_words_list", List.of(1L, 2L, 2L), 5, 6, 3, -1));
        String text = "Sparse list must not have out-of-bound offsets: 5 6 3 -1";
        assertEngineRefuses(request, "stop_words_list: " + text);
        assertThat(answerTo(request, EngineVariant.tensorRtLlm()).getErrorMessage())
                .isEqualTo(text);
    }

    @Test
    void differentBatchSizes() throws Exception {
        assertCoreRefuses(
                Requests.with(request(), Tensor.int32s("end_id", List.of(2L, 1L), 2, 2)),
                "[request id: r] input 'end_id' batch size does not match other inputs for 'tensorrt_llm'");
    }

    @Test
    void severalSequencesInARequest() throws Exception {
        var request = Requests.with(
                Requests.empty("r"),
                Tensor.int32s("input_ids", List.of(2L, 1L), 1, 1),
                Tensor.int32s("input_lengths", List.of(2L, 1L), 1, 1),
                Tensor.int32s("request_output_len", List.of(2L, 1L), 1, 1));
        assertCoreRefuses(request, "[request id: r] inference request batch-size must be <= 1 for 'tensorrt_llm'");
    }

    @Test
    void aWrongByteSize() throws Exception {
        assertCoreRefuses(
                Requests.with(request(), Tensor.int32s("bad_words_list", List.of(1L, 2L, 2L), 1, 2, 3)),
                "[request id: r] input byte size mismatch for input 'bad_words_list' for model 'tensorrt_llm'."
                        + " Expected 16, got 12");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32})
    void aSizeThatNoMemoryHolds(long size) throws Exception {
        var request = Requests.with(request(), Tensor.int32s("stop_words_list", List.of(1L, 2L, size)));
        assertThat(answerTo(request).getErrorMessage())
                .startsWith("[request id: r] shape of input 'stop_words_list': [1,2," + size + "]");
    }

    @Test
    void anEmptyTensorIsLegal() throws Exception {
        var request = Requests.with(request(), Tensor.int32s("stop_words_list", List.of(1L, 2L, 0L)));
        assertThat(answerTo(request).getErrorMessage()).isEmpty();
    }

    @Test
    void typedContentsBesideRawOnes() throws Exception {
        ModelInferRequest.Builder request = request();
        request.getInputsBuilder(0).setContents(InferTensorContents.newBuilder().addIntContents(1));
        assertCoreRefuses(
                request,
                "contents field must not be specified when using raw_input_contents for 'input_ids' for model"
                        + " 'tensorrt_llm'");
    }

    @Test
    void tensorsWithoutData() throws Exception {
        assertCoreRefuses(
                request().clearRawInputContents(), "raw_input_contents: 0 (expected: one for each of 4 inputs)");
    }

    @Test
    void aReservedParameter() throws Exception {
        assertCoreRefuses(
                request().putParameters("triton_speed", yes()),
                "parameter keys starting with 'triton_' are reserved for Triton usage. Only the following keys starting"
                        + " with 'triton_' are allowed: triton_enable_empty_final_response");
    }

    @Test
    void aParameterOfTheWrongKind() throws Exception {
        assertCoreRefuses(
                request()
                        .putParameters(
                                "triton_enable_empty_final_response",
                                InferParameter.newBuilder().setInt64Param(1).build()),
                "invalid value type for 'triton_enable_empty_final_response' parameter, expected bool_param.");
    }

    @Test
    void parametersForTheBackendPass() throws Exception {
        assertThat(answerTo(request().putParameters("traceparent", yes())).getErrorMessage())
                .isEmpty();
    }

    @Test
    void aPhaseOfARequest() throws Exception {
        var phase = InferParameter.newBuilder().setStringParam("context_only").build();
        assertEngineRefuses(
                request().putParameters("request_type", phase),
                "request_type: context_only (expected: context_and_generation)");
    }

    @Test
    void anOverlongPrompt() throws Exception {
        int[] prompt = IntStream.range(0, 10).toArray();
        assertThat(answerTo(Requests.streaming("r", 1, prompt)).getErrorMessage())
                .contains("Prompt length (10) exceeds maximum input length (9)");
    }

    @Test
    void anAnswerTooLongIsCutSilently() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().limits(EngineLimits.roomy().withMaxSequenceLength(10)));
        assertThat(StreamClient.allIds(open(triton)
                        .sendOnly(Requests.streaming("r", 1_000, 1, 2, 3))
                        .rest()))
                .hasSize(7);
    }

    @Test
    void noPrompt() throws Exception {
        assertEngineRefuses(Requests.streaming("r", 1), "input_lengths: 0 (expected: 1 to 0, the width of input_ids)");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4})
    void aLengthThatThePromptDoesNotHave(int length) throws Exception {
        assertEngineRefuses(
                padded(length, 1, 2, 3), "input_lengths: " + length + " (expected: 1 to 3, the width of input_ids)");
    }

    @Test
    void paddingIsNotPartOfThePrompt() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder());
        var padded = open(triton).sendOnly(padded(3, 1, 2, 3, 9, 9)).rest();
        var bare = open(triton).sendOnly(padded(3, 1, 2, 3)).rest();
        assertThat(StreamClient.allIds(padded)).hasSize(5).isEqualTo(StreamClient.allIds(bare));
    }

    private static ModelInferRequest.Builder padded(int length, int... ids) {
        return Requests.with(
                Requests.empty("r"),
                Tensor.int32Row("input_ids", ids),
                Tensor.int32("input_lengths", length),
                Tensor.int32("request_output_len", 5),
                Tensor.bool("streaming", true));
    }

    @Test
    void noRoomForTokens() throws Exception {
        assertEngineRefuses(Requests.streaming("r", 0, 1), "request_output_len: 0 (expected: >= 1)");
    }

    @Test
    void outputsWithoutTheTokens() throws Exception {
        assertEngineRefuses(
                Requests.wanting(request(), "sequence_length"),
                "output_ids tensor must be present in list of output tensors");
    }

    @Test
    void aBiasForAnotherVocabulary() throws Exception {
        assertEngineRefuses(
                Requests.with(request(), Tensor.fp32Row("embedding_bias", 1, 2)),
                "The embedding bias shape is not as expected. Expected last dimension to be same as vocab size: 2000.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"return_perf_metrics", "return_generation_logits", "return_context_logits"})
    void outputsThatTakeAModel(String flag) throws Exception {
        assertEngineRefuses(
                Requests.with(request(), Tensor.bool(flag, true)),
                flag + ": this engine does not support it (expected: absent or its default)");
    }

    @Test
    void moreThanOneBeam() throws Exception {
        assertEngineRefuses(
                Requests.with(request(), Tensor.int32("beam_width", 2)),
                "beam_width: this engine does not support it (expected: absent or its default)");
    }

    @Test
    void aGuideOfAnUnknownType() throws Exception {
        assertEngineRefuses(
                Requests.with(request(), Tensor.bytes("guided_decoding_guide_type", "choice")),
                "guided decoding: unknown guide type: choice"
                        + " (expected: json, json_schema, regex, ebnf_grammar, structural_tag)");
    }

    static final Map<Tensor, String> VALUES = Map.of(
            Tensor.fp32Row("temperature", -0.25f), "temperature: -0.25 (expected: 0 to 3.4e+38)",
            Tensor.fp32Row("presence_penalty", Float.NaN), "presence_penalty: nan (expected: -3.4e+38 to 3.4e+38)",
            Tensor.fp32Row("repetition_penalty", 0), "repetition_penalty: 0 (expected: > 0)",
            Tensor.int32("runtime_top_k", 1_000_000), "runtime_top_k: 1e+06 (expected: 0 to 1024)",
            Tensor.int32("end_id", 2_000), "end_id: 2000 (expected: -1 to 1999)",
            Tensor.int32("pad_id", -2), "pad_id: -2 (expected: -1 to 1999)",
            Tensor.int32Row("input_ids", 1, 2, 2_000), "input_ids: 2000 (expected: 0 to 1999)",
            Tensor.int32s("bad_words_list", List.of(1L, 2L, 1L), -1, 1), "bad_words_list: -1 (expected: 0 to 1999)",
            Tensor.bytes("guided_decoding_guide_type", "regex"),
                    "guided decoding: invalid guide: regex: guided_decoding_guide is absent or empty",
            Tensor.bytes("guided_decoding_guide", "a*"),
                    "guided decoding: unknown guide type: (empty)"
                            + " (expected: json, json_schema, regex, ebnf_grammar, structural_tag)");

    static final Set<Map.Entry<Tensor, String>> REFUSED_VALUES = VALUES.entrySet();

    @ParameterizedTest
    @FieldSource("REFUSED_VALUES")
    void aValueThatTheModelDoesNotTake(Map.Entry<Tensor, String> refused) throws Exception {
        Tensor value = refused.getKey();
        List<Tensor> inputs = new ArrayList<>(List.of(
                Tensor.int32Row("input_ids", 1, 2, 3),
                Tensor.int32("input_lengths", 3),
                Tensor.int32("request_output_len", 5)));
        inputs.removeIf(input -> input.name().equals(value.name()));
        inputs.add(value);
        assertEngineRefuses(Requests.with(Requests.empty("r"), inputs.toArray(Tensor[]::new)), refused.getValue());
    }

    @Test
    void noSequenceAtAll() throws Exception {
        assertEngineRefuses(
                Requests.with(request(), Tensor.int32("num_return_sequences", 0)),
                "num_return_sequences: 0 (expected: 1 to 256)");
    }
}
