package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.RecordingListener;
import dev.conch.generation.SamplingParams;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** With a model that generates one answer for each request, so that several choices are several streams. */
class SplitChoicesTritonEngineTest extends TritonEngineContractTest {
    private final ExecutorService loop = Executors.newSingleThreadExecutor();

    SplitChoicesTritonEngineTest() {
        super(
                SimulatedTriton.builder().parameter("unsupported_inputs", "num_return_sequences"),
                TritonEngineContractTest::inProcess);
    }

    @Override
    protected Executor loop() {
        return loop;
    }

    @Override
    void stopLoop() {
        loop.shutdownNow();
    }

    @Override
    protected void nextSaysChoices(List<List<Integer>> tokenIds) {
        tokenIds.forEach(ids -> triton.enqueue(Reply.ofTokens(ids)));
    }

    @Override
    protected void nextChoicesHangAfter(int choices, int... tokenIds) {
        for (int choice = 0; choice < choices; choice++) {
            nextHangsAfter(tokenIds);
        }
    }

    @Override
    protected void nextChoicesFailAfter(int choices, int tokenId) {
        for (int choice = 1; choice < choices; choice++) {
            nextHangsAfter(tokenId);
        }
        triton.enqueue(Reply.ofTokens(tokenId).with(Fault.errorAfter(1, "out of luck")));
    }

    @Override
    protected int cancelsOf(int choices) {
        return choices;
    }

    @Test
    void leavesNoStreamBehindWhenOneFails() throws Exception {
        nextChoicesFailAfter(3, 11);
        var heard = new RecordingListener();
        start(choices(request(), 3), heard);
        heard.awaitError();
        awaitCancels(2);
    }

    @Test
    void givesEachStreamAnIdAndASeedOfItsOwn() throws Exception {
        var heard = new RecordingListener();
        start(choices(request(SamplingParams.of(1, 1, 0, 0, 7L)), 2), heard);
        heard.awaitEnds(2);
        assertThat(triton.requests()).extracting(ReceivedRequest::id).doesNotHaveDuplicates();
        assertThat(triton.requests())
                .extracting(received -> received.tensor("seed").longs()[0])
                .containsExactlyInAnyOrder(7L, 8L);
    }
}
