package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.logprobs;
import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.EngineRequests.singleAnswer;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                .containsExactlyInAnyOrder("output_ids", "sequence_length", "finish_reason", "cached_tokens");
    }

    @Test
    void asksOnlyForOutputsThatTheModelHas() throws Exception {
        ModelInferRequest message = codec.encode(
                request(), new ModelDescriptions().without("finish_reason").read());
        assertThat(message.getOutputsList())
                .extracting(InferRequestedOutputTensor::getName)
                .containsExactlyInAnyOrder("output_ids", "sequence_length", "cached_tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, temperature",
        "runtime_top_p, top_p",
        "runtime_top_k, top_k",
        "min_p, min_p",
        "seed, seed",
        "presence_penalty, presence_penalty",
        "frequency_penalty, frequency_penalty",
        "repetition_penalty, repetition_penalty",
        "no_repeat_ngram_size, no_repeat_ngram_size",
        "embedding_bias, logit_bias",
        "bad_words_list, bad_words",
        "min_tokens, min_tokens",
        "return_log_probs, logprobs",
        "output_log_probs, logprobs",
        "num_logprobs, top_logprobs",
        "top_logprob_ids, top_logprobs",
        "top_logprobs, top_logprobs"
    })
    void refusesByNameWhatTheModelLacks(String tensor, String param) throws Exception {
        ModelCapabilities model = knowing().without(tensor).read();
        assertRefused(everything(), model, ErrorCode.UNSUPPORTED_PARAMETER, param);
        assertThat(codec.encode(everything(), knowing().read()).getInputsCount())
                .isPositive();
    }

    @ParameterizedTest
    @EnumSource(
            value = InputTensor.class,
            names = {"MIN_P", "BAD_WORDS_LIST", "NO_REPEAT_NGRAM_SIZE", "EMBEDDING_BIAS", "RETURN_LOG_PROBS"})
    void refusesWhatTheModelDeclaresAndDoesNotHonour(InputTensor tensor) throws Exception {
        ModelCapabilities model = knowing()
                .withParameter("unsupported_inputs", "stop," + tensor.tensorName())
                .read();
        assertRefused(everything(), model, ErrorCode.UNSUPPORTED_PARAMETER, requireNonNull(tensor.param()));
    }

    private void assertRefused(GenerationRequest request, ModelCapabilities model, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> codec.encode(request, model))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.param()).isEqualTo(param))
                .withMessageStartingWith(param + ": ");
    }

    /** A model that has everything, and says how many tokens it has. */
    private static ModelDescriptions knowing() {
        return new ModelDescriptions().withParameter("vocab_size", "8");
    }

    /** Asks for all there is. */
    private static GenerationRequest everything() {
        var sampling = new SamplingParams(
                0.5, 0.5, 40, 0.25, 0.5, 0.5, 1.5, 3, Map.of(3, 2f), List.of(), List.of(List.of(4)), 1L);
        var stop = new StopConditions(64, 5, List.of(2), List.of(7), List.of(), false);
        return logprobs(request(sampling, stop), 3);
    }

    @Test
    void encodesTheExtensions() throws Exception {
        assertThat(tensors(everything(), knowing()))
                .containsEntry("temperature", "FP32[1, 1] 00 00 00 3F")
                .containsEntry("runtime_top_p", "FP32[1, 1] 00 00 00 3F")
                .containsEntry("runtime_top_k", "INT32[1, 1] 28 00 00 00")
                .containsEntry("min_p", "FP32[1, 1] 00 00 80 3E")
                .containsEntry("repetition_penalty", "FP32[1, 1] 00 00 C0 3F")
                .containsEntry("no_repeat_ngram_size", "INT32[1, 1] 03 00 00 00")
                .containsEntry("min_tokens", "INT32[1, 1] 05 00 00 00")
                .containsEntry("bad_words_list", "INT32[1, 2, 1] " + hex(4, 1))
                .containsEntry("return_log_probs", "BOOL[1, 1] 01")
                .containsEntry("num_logprobs", "INT32[1, 1] 03 00 00 00")
                .containsEntry("embedding_bias", "FP32[1, 8] " + floats(0, 0, 0, 2, 0, 0, 0, 0));
    }

    @Test
    void leavesOutWhatAsksForNothing() throws Exception {
        assertThat(tensors(request()))
                .doesNotContainKeys(
                        "runtime_top_k",
                        "min_p",
                        "repetition_penalty",
                        "no_repeat_ngram_size",
                        "min_tokens",
                        "bad_words_list",
                        "embedding_bias",
                        "num_return_sequences",
                        "return_log_probs",
                        "num_logprobs");
    }

    @Test
    void cutsNothingOffTheMostLikelyToken() throws Exception {
        var sampling = new SamplingParams(0, 0.5, 40, 0.25, 0, 0, 1, 0, Map.of(), List.of(), List.of(), null);
        assertThat(tensors(request(sampling)))
                .containsEntry("runtime_top_k", "INT32[1, 1] 01 00 00 00")
                .doesNotContainKeys("runtime_top_p", "min_p");
    }

    @Test
    void keepsBackSeveralEndTokensOnlyWhereTheModelCan() throws Exception {
        GenerationRequest twoEnds =
                request(SamplingParams.DEFAULT, new StopConditions(64, 5, List.of(2, 3), List.of(), List.of(), false));
        assertThatThrownBy(() -> tensors(twoEnds, knowing()))
                .isInstanceOfSatisfying(GenerationException.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
                    assertThat(refused.param()).isEqualTo("min_tokens");
                });
        assertThat(tensors(twoEnds, knowing().withParameter("min_tokens_bans", "end_id,stop_words_list")))
                .containsEntry("min_tokens", "INT32[1, 1] 05 00 00 00")
                .containsEntry("stop_words_list", "INT32[1, 2, 1] " + hex(3, 1));
    }

    @Test
    void usesTheFormerNameOfMinTokens() throws Exception {
        var model = knowing().without("min_tokens").withInput("min_length", "INT32");
        assertThat(tensors(everything(), model)).containsEntry("min_length", "INT32[1, 1] 05 00 00 00");
    }

    @Test
    void forbidsAllTokensButTheAllowedOnes() throws Exception {
        assertThat(tensors(request(biased(Map.of(6, -2f), 1, 6)), knowing()))
                .containsEntry(
                        "embedding_bias", "FP32[1, 8] " + floats(-1e9f, 0, -1e9f, -1e9f, -1e9f, -1e9f, -2, -1e9f));
    }

    @Test
    void refusesToBiasTokensThatTheModelDoesNotHave() throws Exception {
        ModelCapabilities model = knowing().read();
        assertRefused(request(biased(Map.of(8, 1f))), model, ErrorCode.INVALID_VALUE, "logit_bias");
        assertRefused(request(biased(Map.of(), 8)), model, ErrorCode.INVALID_VALUE, "allowed_token_ids");
    }

    @Test
    void refusesToBiasAVocabularyOfUnknownSize() throws Exception {
        ModelCapabilities model = new ModelDescriptions().read();
        assertRefused(request(biased(Map.of(1, 1f))), model, ErrorCode.UNSUPPORTED_PARAMETER, "logit_bias");
        assertRefused(request(biased(Map.of(), 1)), model, ErrorCode.UNSUPPORTED_PARAMETER, "allowed_token_ids");
    }

    /** Of a hundred prompts with one bias, each would hold a megabyte of its own. */
    @Test
    void makesTheBiasOfAnAnswerOnce() throws Exception {
        ModelCapabilities model = knowing().read();
        for (SamplingParams sampling :
                List.of(biased(Map.of(3, 2f)), biased(Map.of(), 1, 2), biased(Map.of(3, 2f), 3))) {
            ByteString first = bias(request(sampling), model);
            assertThat(bias(request(sampling), model)).isSameAs(first);
            assertThat(bias(request(sampling.withSeed(5)), model)).isSameAs(first);
        }
        assertThat(bias(request(biased(Map.of(3, 2f), 4)), model))
                .as("the same bias beside other allowed tokens")
                .isNotEqualTo(bias(request(biased(Map.of(3, 2f), 3)), model));
    }

    private ByteString bias(GenerationRequest request, ModelCapabilities model) {
        ModelInferRequest message = codec.encode(request, model);
        int at = message.getInputsList().stream()
                .map(InferInputTensor::getName)
                .toList()
                .indexOf("embedding_bias");
        return message.getRawInputContents(at);
    }

    private static SamplingParams biased(Map<Integer, Float> bias, Integer... allowed) {
        return new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, bias, List.of(allowed), List.of(), null);
    }

    private static SamplingParams without(List<List<Integer>> badWords) {
        return new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, Map.of(), List.of(), badWords, null);
    }

    @Test
    void writesWordsOfSeveralTokensOneAfterTheOther() throws Exception {
        assertThat(tensors(request(without(List.of(List.of(5, 6), List.of(7))))))
                .containsEntry("bad_words_list", "INT32[1, 2, 3] " + hex(5, 6, 7, 2, 3, -1));
    }

    @Test
    void refusesWordsOfTokensThatTheModelDoesNotHave() throws Exception {
        assertRefused(request(without(List.of(List.of(5, 8)))), knowing().read(), ErrorCode.INVALID_VALUE, "bad_words");
        var stop = new StopConditions(64, 0, List.of(2), List.of(8), List.of(), false);
        assertRefused(request(stop), knowing().read(), ErrorCode.INVALID_VALUE, "stop_token_ids");
    }

    @Test
    void refusesMoreWordsThanTheEngineCanCompareWithEveryToken() throws Exception {
        List<Integer> ids = IntStream.range(0, 4_097).boxed().toList();
        ModelCapabilities model = new ModelDescriptions().read();
        var stop = new StopConditions(64, 0, List.of(), ids, List.of(), false);
        assertRefused(request(stop), model, ErrorCode.ARRAY_ABOVE_MAX_LENGTH, "stop_token_ids");
        assertRefused(request(without(List.of(ids))), model, ErrorCode.ARRAY_ABOVE_MAX_LENGTH, "bad_words");
    }

    @Test
    void sendsEveryStopTokenOnce() throws Exception {
        var stop = new StopConditions(64, 0, List.of(2, 5), List.of(5, 7, 2), List.of(), false);
        assertThat(tensors(request(stop)))
                .containsEntry("end_id", "INT32[1, 1] 02 00 00 00")
                .containsEntry("stop_words_list", "INT32[1, 2, 2] " + hex(5, 7, 1, 2));
    }

    /** The engine's stop words would end an answer that is too short. */
    @Test
    void keepsStopTokensBackWithALeastNumberOfTokens() throws Exception {
        var stop = new StopConditions(64, 5, List.of(2, 3), List.of(7), List.of(), false);
        var model = knowing().withParameter("min_tokens_bans", "end_id,stop_words_list");
        assertThat(tensors(request(SamplingParams.DEFAULT, stop), model))
                .containsEntry("stop_words_list", "INT32[1, 2, 1] " + hex(3, 1));
    }

    @Test
    void sendsStopTokensWithoutAnEndToken() throws Exception {
        var stop = new StopConditions(64, 0, List.of(), List.of(7), List.of(), false);
        assertThat(tensors(request(stop)))
                .doesNotContainKey("end_id")
                .containsEntry("stop_words_list", "INT32[1, 2, 1] " + hex(7, 1));
    }

    @Test
    void asksForLogprobsWithoutAlternatives() throws Exception {
        ModelInferRequest message = codec.encode(logprobs(request(), 0), new ModelDescriptions().read());
        assertThat(inputs(message))
                .containsEntry("return_log_probs", "BOOL[1, 1] 01")
                .doesNotContainKey("num_logprobs");
        assertThat(message.getOutputsList())
                .extracting(InferRequestedOutputTensor::getName)
                .contains("output_log_probs")
                .doesNotContain("top_logprob_ids", "top_logprobs");
    }

    @Test
    void leavesSeveralChoicesToTheModel() throws Exception {
        GenerationRequest request = choices(request(), 3);
        ModelCapabilities model = new ModelDescriptions().read();
        assertThat(codec.split(request, model)).containsExactly(request);
        ModelInferRequest message = codec.encode(request, model);
        assertThat(inputs(message)).containsEntry("num_return_sequences", "INT32[1, 1] 03 00 00 00");
        assertThat(message.getOutputsList())
                .extracting(InferRequestedOutputTensor::getName)
                .contains("sequence_index");
    }

    @ParameterizedTest
    @ValueSource(strings = {"num_return_sequences", "sequence_index"})
    void makesARequestOfEachChoiceWhereTheModelHasButOne(String tensor) throws Exception {
        ModelCapabilities model = new ModelDescriptions().without(tensor).read();
        GenerationRequest asked = choices(request(SamplingParams.of(1, 1, 0, 0, 7L)), 3);
        List<GenerationRequest> parts = codec.split(asked, model);
        assertThat(parts).extracting(part -> part.sampling().seed()).containsExactly(7L, 8L, 9L);
        assertThat(parts).allMatch(part -> part.choices() == 1);
        assertThat(parts)
                .extracting(GenerationRequest::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith(asked.id()));
    }

    @Test
    void drawsOneSeedForAllChoices() throws Exception {
        ModelCapabilities model =
                new ModelDescriptions().without("num_return_sequences").read();
        assertThat(codec.split(choices(request(), 2), model))
                .extracting(part -> part.sampling().seed())
                .containsExactly(0x0102030405060708L, 0x0102030405060709L);
    }

    @Test
    void asksNoSeedOfAModelThatTakesNone() throws Exception {
        ModelCapabilities model = new ModelDescriptions()
                .without("num_return_sequences")
                .without("seed")
                .read();
        assertThat(codec.split(choices(request(), 2), model))
                .allMatch(part -> part.sampling().seed() == null);
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
        return inputs(codec.encode(request, model.read()));
    }

    private static Map<String, String> inputs(ModelInferRequest message) {
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

    private static String floats(float... values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return hex(bits);
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
