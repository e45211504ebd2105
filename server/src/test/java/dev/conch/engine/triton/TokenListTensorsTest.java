package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelInferRequest.InferInputTensor;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a request says of single tokens: biases, allowed ones, words that are barred, stop tokens. */
class TokenListTensorsTest extends TensorsOfRequestsTest {

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
}
