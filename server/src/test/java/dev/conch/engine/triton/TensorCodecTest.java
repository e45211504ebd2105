package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.logprobs;
import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.EngineRequests.singleAnswer;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A request in tensors, parameter by parameter. */
class TensorCodecTest extends TensorsOfRequestsTest {

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
    void needsOnlyTheTensorsThatTheRequestUses() throws Exception {
        var poor = new ModelDescriptions()
                .without("temperature")
                .without("runtime_top_p")
                .without("seed")
                .without("presence_penalty")
                .without("frequency_penalty");
        assertThat(tensors(request(SamplingParams.of(0, 1, 0, 0, null)), poor)).containsKey("runtime_top_k");
    }
}
