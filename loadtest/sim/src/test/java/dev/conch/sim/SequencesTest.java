package dev.conch.sim;

import static dev.conch.sim.StreamClient.ids;
import static dev.conch.sim.StreamClient.isFinal;
import static dev.conch.sim.StreamClient.output;
import static dev.conch.sim.StreamClient.outputNames;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.engine.SimulatedLogprobs;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several answers to one request, and the logprobs of what is said. */
class SequencesTest extends WireTest {
    private static final int[] PROMPT = {5, 6, 7};

    private List<ModelStreamInferResponse> responses(
            EngineVariant variant, Reply reply, ModelInferRequest.Builder request) throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().variant(variant).reply(reply));
        return open(triton).sendOnly(request).rest();
    }

    private static ModelInferRequest.Builder request(int sequences) {
        return Requests.with(Requests.streaming("r", 9, PROMPT), Tensor.int32("num_return_sequences", sequences));
    }

    private static String sequenceAndIds(ModelStreamInferResponse response) {
        return output(response, "sequence_index").asInt() + " " + ids(response);
    }

    @Test
    void sequencesTakeTurnsAndEndByThemselves() throws Exception {
        var responses = responses(
                EngineVariant.conch(), Reply.ofChoices(List.of(List.of(11, 12, 13), List.of(21))), request(2));
        assertThat(responses)
                .extracting(SequencesTest::sequenceAndIds)
                .containsExactly("0 [11]", "1 [21]", "0 [12]", "1 []", "0 [13]", "0 []");
        assertThat(responses)
                .filteredOn(response -> outputNames(response).contains("finish_reason"))
                .hasSize(2);
        assertThat(responses).filteredOn(StreamClient::isFinal).containsExactly(responses.getLast());
    }

    @Test
    void sequencesOfUnequalLengthEndWhereTheyShould() throws Exception {
        Reply reply = Reply.ofChoices(List.of(List.of(11, 12), List.of(21, 22, 23, 24)))
                .withTokensPerResponse(3);
        assertThat(responses(EngineVariant.conch(), reply, request(2)))
                .extracting(SequencesTest::sequenceAndIds)
                .containsExactly("0 [11, 12]", "1 [21, 22, 23]", "0 []", "1 [24]", "1 []");
    }

    @Test
    void sequencesDrawWithSeedsOfTheirOwn() throws Exception {
        var responses = responses(EngineVariant.tensorRtLlm(), Reply.generated(), request(2));
        assertThat(ids(responses.get(0))).isNotEqualTo(ids(responses.get(1)));
        assertThat(isFinal(responses.getLast())).isTrue();
    }

    @Test
    void theLogprobsOfAllTokensSoFarComeWithEach() throws Exception {
        var request = Requests.with(
                Requests.streaming("r", 2, PROMPT),
                Tensor.bool("return_log_probs", true),
                Tensor.int32("num_logprobs", 2));
        var responses = responses(EngineVariant.conch(), Reply.ofTokens(11, 12), request);
        assertThat(output(responses.get(1), "output_log_probs").floats())
                .containsExactly(SimulatedLogprobs.of(11), SimulatedLogprobs.of(12));
        assertThat(output(responses.get(1), "top_logprob_ids").shape()).containsExactly(1L, 1L, 2L);
        assertThat(output(responses.get(1), "top_logprob_ids").ints()).containsExactly(12, 13);
        assertThat(output(responses.get(1), "top_logprobs").floats())
                .containsExactly(SimulatedLogprobs.of(12), SimulatedLogprobs.ofAlternative(12, 1));
    }

    @Test
    void alternativesAreTokensOfTheVocabulary() throws Exception {
        var request = Requests.with(Requests.streaming("r", 1, PROMPT), Tensor.int32("num_logprobs", 3));
        var responses = responses(EngineVariant.conch(), Reply.ofTokens(49_150), request);
        assertThat(output(responses.getFirst(), "top_logprob_ids").ints()).containsExactly(49_150, 49_151, 0);
    }

    @Test
    void theSumOfTheLogprobsHasThatOfTheEndId() throws Exception {
        var responses = responses(EngineVariant.conch(), Reply.ofTokens(11, 12), withLogprobs());
        float sum = SimulatedLogprobs.of(11) + SimulatedLogprobs.of(12);
        assertThat(output(responses.get(1), "cum_log_probs").shape()).containsExactly(1L, 1L);
        assertThat(output(responses.get(1), "cum_log_probs").floats()).containsExactly(sum);
        assertThat(output(responses.get(2), "cum_log_probs").floats()).containsExactly(sum + SimulatedLogprobs.of(2));
        assertThat(output(responses.get(2), "output_log_probs").floats()).hasSize(2);
    }

    @Test
    void nvidiasBackendListsTheLogprobOfTheEndIdAsWell() throws Exception {
        var responses = responses(EngineVariant.tensorRtLlm(), Reply.ofTokens(11, 12), withLogprobs());
        assertThat(output(responses.get(1), "output_log_probs").floats()).hasSize(2);
        assertThat(output(responses.get(2), "output_log_probs").floats())
                .containsExactly(SimulatedLogprobs.of(11), SimulatedLogprobs.of(12), SimulatedLogprobs.of(2));
    }

    private static ModelInferRequest.Builder withLogprobs() {
        return Requests.with(
                Requests.streaming("r", 9, PROMPT), Tensor.bool("return_log_probs", true), Tensor.int32("end_id", 2));
    }

    @Test
    void theFirstResponseOfTheRequestAloneCountsThePrompt() throws Exception {
        assertThat(responses(EngineVariant.conch(), Reply.generated(2), request(3)))
                .extracting(response -> outputNames(response).contains("num_input_tokens"))
                .startsWith(true, false, false, false)
                .containsOnlyOnce(true);
        var single = Requests.with(Requests.whole("r", 2, PROMPT), Tensor.int32("num_return_sequences", 2));
        assertThat(responses(EngineVariant.conch(), Reply.generated(2), single))
                .extracting(response -> outputNames(response).contains("cached_tokens"))
                .containsExactly(true, false);
    }

    @Test
    void thePromptCanBeThereAlready() throws Exception {
        var responses = responses(
                EngineVariant.conch(), Reply.ofTokens(11).withCachedTokens(99), Requests.streaming("r", 9, PROMPT));
        assertThat(output(responses.getFirst(), "cached_tokens").asInt()).isEqualTo(3);
    }
}
