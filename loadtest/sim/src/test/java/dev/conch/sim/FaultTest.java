package dev.conch.sim;

import static dev.conch.sim.StreamClient.TIMEOUT;
import static dev.conch.sim.StreamClient.allIds;
import static dev.conch.sim.StreamClient.isFinal;
import static dev.conch.sim.StreamClient.output;
import static dev.conch.sim.StreamClient.outputNames;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets when the script says that something goes wrong. */
class FaultTest extends WireTest {
    private static final Reply REPLY = Reply.ofTokens(1, 2, 3);

    private SimulatedTriton failing(Fault fault) {
        return start(SimulatedTriton.builder().reply(REPLY.with(fault)));
    }

    private StreamClient ask(SimulatedTriton triton) {
        return open(triton).sendOnly(Requests.streaming("r", 3, 5));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void theEngineFailsAfterTokens(int tokens) throws Exception {
        SimulatedTriton triton = failing(Fault.errorAfter(tokens, "out of memory"));
        List<ModelStreamInferResponse> responses = ask(triton).rest();
        assertThat(responses).hasSize(tokens + 1);
        ModelStreamInferResponse error = responses.getLast();
        assertThat(error.getErrorMessage()).isEqualTo("out of memory");
        assertThat(error.getInferResponse().getId()).isEqualTo("r");
        assertThat(isFinal(error)).isTrue();
        assertThat(triton.counts().failed()).isOne();
    }

    @Test
    void anErrorLeavesTheCallUsable() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(REPLY));
        triton.enqueue(REPLY.with(Fault.errorAfter(0, "once")));
        StreamClient client = open(triton).send(Requests.streaming("a", 3, 5));
        assertThat(client.next().getErrorMessage()).isEqualTo("once");
        client.sendOnly(Requests.streaming("b", 3, 5));
        assertThat(allIds(client.rest())).containsExactly(1, 2, 3);
    }

    @Test
    void aFullQueueIsRefusedInTheCoresWords() throws Exception {
        SimulatedTriton triton = failing(Fault.queueFull());
        ModelStreamInferResponse refusal = ask(triton).next();
        assertThat(refusal.getErrorMessage()).isEqualTo("[request id: r] Exceeds maximum queue size");
        assertThat(refusal.getInferResponse().getParametersMap()).isEmpty();
        assertThat(triton.counts().refused()).isOne();
        assertThat(triton.counts().peakLive()).isZero();
    }

    @Test
    void aFullExecutorIsAnErrorOfTheEngine() throws Exception {
        ModelStreamInferResponse error =
                ask(failing(Fault.executorQueueFull(8))).next();
        assertThat(error.getErrorMessage())
                .isEqualTo("Maximum queue size of 8 has been reached, please try again later");
        assertThat(isFinal(error)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void theServerGoesAwayAfterTokens(int tokens) throws Exception {
        StreamClient client = ask(failing(Fault.unavailableAfter(tokens)));
        for (int i = 0; i < tokens; i++) {
            assertThat(isFinal(client.next())).isFalse();
        }
        assertThat(client.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(client.isDrained()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3})
    void theCallEndsWithoutAFinalFlag(int tokens) throws Exception {
        SimulatedTriton triton = failing(Fault.cutAfter(tokens));
        List<ModelStreamInferResponse> responses = ask(triton).rest();
        assertThat(allIds(responses)).isEqualTo(List.of(1, 2, 3).subList(0, tokens));
        assertThat(responses).noneMatch(StreamClient::isFinal);
        triton.await("one failed", counts -> counts.failed() == 1, TIMEOUT);
    }

    @Test
    void aCutTakesTheOtherRequestsOnTheCallWithIt() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(REPLY.with(Fault.hangAfter(0))));
        StreamClient client = open(triton).send(Requests.streaming("a", 3, 5));
        triton.awaitLive(1, TIMEOUT);
        triton.enqueue(REPLY.with(Fault.cutAfter(1)));
        client.send(Requests.streaming("b", 3, 5));
        assertThat(allIds(client.rest())).containsExactly(1);
        assertThat(triton.awaitLive(0, TIMEOUT).failed()).isEqualTo(2);
    }

    @Test
    void aHangingRequestLivesUntilItIsCancelled() throws Exception {
        SimulatedTriton triton = failing(Fault.hangAfter(1));
        StreamClient client = ask(triton);
        assertThat(client.nextIds()).containsExactly(1);
        assertThat(triton.counts().live()).isOne();
        client.cancel();
        assertThat(triton.awaitLive(0, TIMEOUT).cancelled()).isOne();
        assertThat(client.isDrained()).isTrue();
    }

    @Test
    void aStalledReplyGoesOn() throws Exception {
        SimulatedTriton triton = failing(Fault.stallAfter(2, Duration.ofMillis(1)));
        assertThat(allIds(ask(triton).rest())).containsExactly(1, 2, 3);
        assertThat(triton.counts().completed()).isOne();
    }

    @Test
    void aFaultEndsAResponseOfSeveralTokens() throws Exception {
        Reply reply = Reply.ofTokens(1, 2, 3, 4, 5, 6).withTokensPerResponse(4).with(Fault.errorAfter(5, "now"));
        SimulatedTriton triton = start(SimulatedTriton.builder().reply(reply));
        List<ModelStreamInferResponse> responses =
                open(triton).sendOnly(Requests.streaming("r", 6, 5)).rest();
        assertThat(allIds(responses)).containsExactly(1, 2, 3, 4, 5);
        assertThat(responses)
                .hasSize(3)
                .last()
                .matches(last -> last.getErrorMessage().equals("now"));
    }

    @Test
    void aWrongIdFromTheSecondResponseOn() throws Exception {
        List<ModelStreamInferResponse> responses =
                ask(failing(Fault.corruptAfter(1, Corruption.WRONG_ID))).rest();
        assertThat(responses)
                .extracting(response -> response.getInferResponse().getId())
                .containsExactly("r", "nobody-r", "nobody-r");
    }

    @Test
    void aWrongDatatype() throws Exception {
        ModelStreamInferResponse response =
                ask(failing(Fault.corruptAfter(0, Corruption.WRONG_DATATYPE))).next();
        assertThat(response.getInferResponse().getOutputs(0).getDatatype()).isEqualTo("INT64");
        assertThat(response.getInferResponse().getRawOutputContents(0).size()).isEqualTo(4);
    }

    @Test
    void aWrongShape() throws Exception {
        ModelStreamInferResponse response =
                ask(failing(Fault.corruptAfter(0, Corruption.WRONG_SHAPE))).next();
        assertThat(output(response, "output_ids").shape()).containsExactly(1L);
    }

    @Test
    void aWrongByteSize() throws Exception {
        ModelStreamInferResponse response =
                ask(failing(Fault.corruptAfter(0, Corruption.WRONG_BYTE_SIZE))).next();
        assertThat(output(response, "output_ids").data().size()).isEqualTo(3);
    }

    @Test
    void missingOutputIds() throws Exception {
        ModelStreamInferResponse response = ask(failing(Fault.corruptAfter(0, Corruption.MISSING_OUTPUT_IDS)))
                .next();
        assertThat(outputNames(response)).doesNotContain("output_ids");
        assertThat(response.getInferResponse().getRawOutputContentsCount())
                .isEqualTo(response.getInferResponse().getOutputsCount());
    }

    @Test
    void aFaultBeyondTheReplyNeverStrikes() throws Exception {
        SimulatedTriton triton = failing(Fault.errorAfter(4, "never"));
        assertThat(allIds(ask(triton).rest())).containsExactly(1, 2, 3);
        assertThat(triton.counts().completed()).isOne();
    }

    @Test
    void aServerThatDiesBreaksItsCalls() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().tcp(0).reply(REPLY.with(Fault.hangAfter(1))));
        StreamClient client = ask(triton);
        client.next();
        triton.close();
        assertThat(client.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aServerThatGoesAwayFinishesWhatRuns() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().tcp(0).pace(Pace.manual()).reply(REPLY));
        StreamClient client = ask(triton);
        triton.awaitLive(1, TIMEOUT);
        triton.goAway();
        triton.step();
        triton.step();
        triton.step();
        assertThat(allIds(client.rest())).containsExactly(1, 2, 3);
        triton.awaitTermination();
        assertThat(ask(triton).status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void slotsAndQueueAreBounded() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder()
                .limits(EngineLimits.roomy().withSlots(1, 1))
                .reply(REPLY.with(Fault.hangAfter(1))));
        StreamClient running = ask(triton);
        assertThat(running.nextIds()).containsExactly(1);
        StreamClient waiting = ask(triton);
        triton.awaitLive(2, TIMEOUT);
        assertThat(ask(triton).next().getErrorMessage()).startsWith("Maximum queue size of 1 has been reached");
        assertThat(waiting.isDrained()).isTrue();
        running.cancel();
        assertThat(waiting.nextIds()).containsExactly(1);
    }
}
