package dev.conch.sim;

import static dev.conch.sim.StreamClient.TIMEOUT;
import static dev.conch.sim.StreamClient.allIds;
import static dev.conch.sim.StreamClient.ids;
import static dev.conch.sim.StreamClient.isFinal;
import static dev.conch.sim.StreamClient.output;
import static dev.conch.sim.StreamClient.outputNames;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.FinalForm;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.Tensor;
import io.grpc.ManagedChannel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client gets when nothing goes wrong. */
class StreamingTest extends WireTest {
    private static final int[] PROMPT = {5, 6, 7};

    @Test
    void aTokenAResponseInOrder() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12, 13)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 3, PROMPT)).rest();
        assertThat(responses).extracting(StreamClient::ids).containsExactly(List.of(11), List.of(12), List.of(13));
        assertThat(responses).extracting(StreamClient::isFinal).containsExactly(false, false, true);
        assertThat(responses)
                .allSatisfy(response ->
                        assertThat(response.getInferResponse().getId()).isEqualTo("r"))
                .allSatisfy(response ->
                        assertThat(output(response, "sequence_length").asInt()).isOne());
    }

    @Test
    void shapesHaveABatchAndABeamDimension() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11)));
        ModelStreamInferResponse response =
                open(triton).sendOnly(Requests.streaming("r", 1, PROMPT)).next();
        assertThat(output(response, "output_ids").shape()).containsExactly(1L, 1L, 1L);
        assertThat(output(response, "sequence_length").shape()).containsExactly(1L, 1L);
    }

    @Test
    void anEndByEosIsToldWithoutTokens() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 9, PROMPT)).rest();
        assertThat(responses).extracting(StreamClient::ids).containsExactly(List.of(11), List.of(12), List.of());
        assertThat(output(responses.getLast(), "finish_reason").strings()).containsExactly("stop");
        assertThat(isFinal(responses.getLast())).isTrue();
    }

    @Test
    void theLengthLimitEndsWithTheLastToken() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12, 13)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 2, PROMPT)).rest();
        assertThat(allIds(responses)).containsExactly(11, 12);
        assertThat(output(responses.getLast(), "finish_reason").strings()).containsExactly("length");
    }

    @Test
    void theEndCanAlwaysComeWithTheLastToken() throws Exception {
        EngineVariant variant = EngineVariant.conch().withFinalForm(FinalForm.WITH_LAST_TOKEN);
        SimulatedTriton triton =
                start(SimulatedTriton.builder().variant(variant).reply(Reply.ofTokens(11, 12)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 9, PROMPT)).rest();
        assertThat(responses).extracting(StreamClient::ids).containsExactly(List.of(11), List.of(12));
        assertThat(isFinal(responses.getLast())).isTrue();
    }

    @Test
    void theFinalFlagCanComeAlone() throws Exception {
        EngineVariant variant = EngineVariant.conch().withFinalForm(FinalForm.SEPARATE);
        SimulatedTriton triton =
                start(SimulatedTriton.builder().variant(variant).reply(Reply.ofTokens(11)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 1, PROMPT)).rest();
        assertThat(responses).extracting(StreamClient::isFinal).containsExactly(false, true);
        assertThat(outputNames(responses.getLast())).isEmpty();
        assertThat(output(responses.getFirst(), "finish_reason").strings()).containsExactly("length");
    }

    @Test
    void aLoneFinalFlagGoesOnlyToThoseWhoAskForIt() throws Exception {
        EngineVariant variant = EngineVariant.conch().withFinalForm(FinalForm.SEPARATE);
        SimulatedTriton triton =
                start(SimulatedTriton.builder().variant(variant).reply(Reply.ofTokens(11)));
        List<ModelStreamInferResponse> responses = open(triton)
                .sendOnly(Requests.streaming("r", 1, PROMPT).clearParameters())
                .rest();
        assertThat(responses).extracting(StreamClient::isFinal).containsExactly(false);
    }

    @Test
    void severalTokensMayTravelTogether() throws Exception {
        Reply reply = Reply.ofTokens(1, 2, 3, 4, 5).withTokensPerResponse(2);
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(reply));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 5, PROMPT)).rest();
        assertThat(responses).extracting(StreamClient::ids).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
        assertThat(output(responses.getFirst(), "output_ids").shape()).containsExactly(1L, 1L, 2L);
    }

    @Test
    void withoutStreamingTheWholeSequenceComesAtOnce() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.whole("r", 9, PROMPT)).rest();
        assertThat(responses).singleElement().satisfies(response -> {
            assertThat(ids(response)).containsExactly(11, 12);
            assertThat(output(response, "sequence_length").asInt()).isEqualTo(2);
        });
    }

    @Test
    void withoutStreamingThePromptCanComeFirst() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12)));
        var request = Requests.with(Requests.whole("r", 9, PROMPT), Tensor.bool("exclude_input_in_output", false));
        ModelStreamInferResponse response = open(triton).sendOnly(request).next();
        assertThat(ids(response)).containsExactly(5, 6, 7, 11, 12);
        assertThat(output(response, "sequence_length").asInt()).isEqualTo(5);
    }

    @Test
    void nvidiasBackendRepeatsThePromptUnlessTold() throws Exception {
        SimulatedTriton triton = start(
                SimulatedTriton.builder().variant(EngineVariant.tensorRtLlm()).reply(Reply.ofTokens(11, 12)));
        var request = Requests.whole("r", 9, PROMPT);
        assertThat(allIds(open(triton).sendOnly(request).rest())).containsExactly(5, 6, 7, 11, 12);
        Requests.with(request, Tensor.bool("exclude_input_in_output", true));
        assertThat(allIds(open(triton).sendOnly(request).rest())).containsExactly(11, 12);
    }

    @Test
    void aStreamNeverRepeatsThePrompt() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11)));
        var request = Requests.with(Requests.streaming("r", 1, PROMPT), Tensor.bool("exclude_input_in_output", false));
        assertThat(allIds(open(triton).sendOnly(request).rest())).containsExactly(11);
    }

    @Test
    void theFirstResponseCountsThePrompt() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11, 12)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 2, PROMPT)).rest();
        assertThat(output(responses.getFirst(), "num_input_tokens").asInt()).isEqualTo(3);
        assertThat(output(responses.getFirst(), "cached_tokens").asInt()).isZero();
        assertThat(outputNames(responses.getLast())).containsExactly("output_ids", "sequence_length", "finish_reason");
    }

    @Test
    void onlyListedOutputsAreSent() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(11)));
        var request = Requests.wanting(Requests.streaming("r", 1, PROMPT), "output_ids", "sequence_length");
        assertThat(outputNames(open(triton).sendOnly(request).next())).containsExactly("output_ids", "sequence_length");
    }

    @Test
    void nvidiasBackendTellsNeitherReasonNorCounts() throws Exception {
        SimulatedTriton triton = start(
                SimulatedTriton.builder().variant(EngineVariant.tensorRtLlm()).reply(Reply.ofTokens(11)));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 9, PROMPT)).rest();
        assertThat(responses)
                .extracting(StreamClient::outputNames)
                .containsOnly(List.of("output_ids", "sequence_length"));
    }

    @Test
    void nvidiasBackendCountsOnRequest() throws Exception {
        SimulatedTriton triton = start(
                SimulatedTriton.builder().variant(EngineVariant.tensorRtLlm()).reply(Reply.ofTokens(11, 12)));
        var request = Requests.with(
                Requests.streaming("r", 2, PROMPT),
                Tensor.bool("return_num_input_tokens", true),
                Tensor.bool("return_num_output_tokens", true));
        for (ModelStreamInferResponse response : open(triton).sendOnly(request).rest()) {
            assertThat(output(response, "num_input_tokens").asInt()).isEqualTo(3);
            assertThat(output(response, "num_output_tokens").asInt()).isOne();
        }
    }

    @Test
    void theRuleSeesTheRequest() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder()
                .reply(request -> Reply.ofTokens(request.tensor("input_ids").asInt() * 10)));
        assertThat(allIds(open(triton).sendOnly(Requests.streaming("r", 9, 4)).rest()))
                .containsExactly(40);
    }

    @Test
    void enqueuedRepliesComeBeforeTheRule() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(1)));
        triton.enqueue(Reply.ofTokens(2), Reply.ofTokens(3));
        ManagedChannel channel = channel(triton);
        for (int expected : new int[] {2, 3, 1}) {
            StreamClient client = StreamClient.open(channel).sendOnly(Requests.streaming("r", 1, PROMPT));
            assertThat(allIds(client.rest())).containsExactly(expected);
        }
    }

    @Test
    void responsesOfSeveralRequestsInterleave() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().pace(Pace.manual()));
        triton.enqueue(Reply.ofTokens(1, 2), Reply.ofTokens(10, 20));
        StreamClient client = open(triton).send(Requests.streaming("a", 2, PROMPT));
        triton.awaitLive(1, TIMEOUT);
        client.sendOnly(Requests.streaming("b", 2, PROMPT));
        triton.awaitLive(2, TIMEOUT);
        triton.step();
        triton.step();
        assertThat(client.rest())
                .extracting(response -> response.getInferResponse().getId() + ids(response))
                .containsExactly("a[1]", "b[10]", "a[2]", "b[20]");
    }

    @Test
    void nothingComesBeforeItsStep() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.ofTokens(1, 2, 3)));
        StreamClient client = open(triton).sendOnly(Requests.streaming("r", 3, PROMPT));
        triton.awaitLive(1, TIMEOUT);
        assertThat(client.isDrained()).isTrue();
        triton.step();
        assertThat(client.nextIds()).containsExactly(1);
        assertThat(client.isDrained()).isTrue();
        triton.step();
        assertThat(client.nextIds()).containsExactly(2);
    }

    @Test
    void aCallStaysOpenForMoreRequests() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(Reply.ofTokens(1)));
        StreamClient client = open(triton);
        for (int round = 0; round < 3; round++) {
            client.send(Requests.streaming("r" + round, 1, PROMPT));
            assertThat(client.nextIds()).containsExactly(1);
        }
        client.halfClose();
        assertThat(client.rest()).isEmpty();
    }

    @Test
    void overTcpItIsTheSame() throws Exception {
        SimulatedTriton triton = start(
                SimulatedTriton.builder().tcp(0).reply(Reply.generated(500).withTokensPerResponse(3)));
        SimulatedTriton inProcess =
                start(SimulatedTriton.builder().reply(Reply.generated(500).withTokensPerResponse(3)));
        var request = Requests.streaming("r", 1_000, PROMPT);
        assertThat(open(triton).sendOnly(request).rest())
                .hasSize(168)
                .isEqualTo(open(inProcess).sendOnly(request).rest());
    }
}
