package dev.conch.sim;

import static dev.conch.sim.StreamClient.TIMEOUT;
import static dev.conch.sim.StreamClient.allIds;
import static dev.conch.sim.StreamClient.isFinal;
import static dev.conch.sim.StreamClient.output;
import static dev.conch.sim.StreamClient.outputNames;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.proto.inference.ModelStreamInferResponse;
import dev.conch.sim.engine.Counts;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.Tensor;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to end a request early, and the counts that show it. */
class CancellationTest extends WireTest {
    private SimulatedTriton startManual() {
        return start(SimulatedTriton.builder().pace(Pace.manual()).reply(Reply.generated()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aCancelledCallIsNoticedOverTcp(int tokensBefore) throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().tcp(0).pace(Pace.manual()).reply(Reply.generated()));
        StreamClient client = open(triton).sendOnly(Requests.streaming("r", 100, 5));
        triton.awaitLive(1, TIMEOUT);
        for (int i = 0; i < tokensBefore; i++) {
            triton.step();
            client.next();
        }
        client.cancel();
        assertThat(triton.awaitCancelled(1, TIMEOUT).live()).isZero();
    }

    @Test
    void aLostConnectionCancelsEverythingOnIt() throws Exception {
        SimulatedTriton triton =
                start(SimulatedTriton.builder().tcp(0).pace(Pace.manual()).reply(Reply.generated()));
        ManagedChannel channel = channel(triton);
        for (int i = 0; i < 4; i++) {
            StreamClient.open(channel).sendOnly(Requests.streaming("r" + i, 100, 5));
        }
        triton.awaitLive(4, TIMEOUT);
        channel.shutdownNow();
        assertThat(triton.awaitLive(0, TIMEOUT).cancelled()).isEqualTo(4);
    }

    @Test
    void cancellingACallCancelsAllItsRequests() throws Exception {
        SimulatedTriton triton = startManual();
        StreamClient client = open(triton).send(Requests.streaming("a", 100, 5)).send(Requests.streaming("b", 100, 5));
        triton.awaitLive(2, TIMEOUT);
        client.cancel();
        assertThat(triton.awaitLive(0, TIMEOUT).cancelled()).isEqualTo(2);
    }

    @Test
    void aCancelledRequestGivesItsSlotAway() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder()
                .pace(Pace.manual())
                .limits(EngineLimits.roomy().withSlots(1, 5)));
        StreamClient first = open(triton).sendOnly(Requests.streaming("a", 1, 5));
        triton.awaitLive(1, TIMEOUT);
        StreamClient second = open(triton).sendOnly(Requests.streaming("b", 1, 5));
        triton.awaitLive(2, TIMEOUT);
        first.cancel();
        triton.awaitLive(1, TIMEOUT);
        triton.step();
        assertThat(isFinal(second.next())).isTrue();
    }

    @Test
    void halfClosingCancelsNothing() throws Exception {
        SimulatedTriton triton = startManual();
        StreamClient client = open(triton).sendOnly(Requests.streaming("r", 2, 5));
        triton.awaitLive(1, TIMEOUT);
        triton.step();
        triton.step();
        assertThat(allIds(client.rest())).hasSize(2);
        assertThat(triton.counts().cancelled()).isZero();
    }

    @Test
    void aStopRequestEndsTheOneWithItsId() throws Exception {
        SimulatedTriton triton = startManual();
        StreamClient client = open(triton).send(Requests.streaming("r", 100, 5));
        triton.awaitLive(1, TIMEOUT);
        triton.step();
        client.next();
        client.sendOnly(Requests.with(Requests.whole("r", 0, 0), Tensor.bool("stop", true)));
        List<ModelStreamInferResponse> rest = client.rest();
        assertThat(rest).hasSize(2).allMatch(StreamClient::isFinal);
        assertThat(outputNames(rest.getFirst())).isEmpty();
        assertThat(output(rest.getLast(), "finish_reason").strings()).containsExactly("cancelled");
        assertThat(triton.counts().cancelled()).isOne();
    }

    @Test
    void stoppingNobodySucceeds() throws Exception {
        var stop = Requests.with(Requests.whole("nobody", 0, 0), Tensor.bool("stop", true));
        assertThat(open(startManual()).sendOnly(stop).rest())
                .singleElement()
                .matches(response -> response.getErrorMessage().isEmpty() && isFinal(response));
    }

    @Test
    void aStopNeedsAnId() throws Exception {
        var stop = Requests.with(Requests.whole("", 0, 0), Tensor.bool("stop", true));
        assertThat(open(startManual()).sendOnly(stop).next().getErrorMessage())
                .isEqualTo("Trying to stop a request but request ID is not provided");
    }

    @Test
    void everyRequestIsCountedOnce() throws Exception {
        SimulatedTriton triton = start(SimulatedTriton.builder().tcp(0).reply(Reply.generated(64)));
        ManagedChannel channel = channel(triton);
        int requests = 300;
        for (int i = 0; i < requests; i++) {
            StreamClient client = StreamClient.open(channel).sendOnly(Requests.streaming("r" + i, 64, 5));
            if (i % 2 == 0) {
                client.cancel();
            }
        }
        Counts counts = triton.await(
                "150 uncancelled requests completed and none alive",
                now -> now.live() == 0 && now.completed() + now.cancelled() == now.requests() && now.completed() >= 150,
                Duration.ofSeconds(30));
        assertThat(counts.requests()).isBetween(150L, 300L);
        assertThat(counts.failed()).isZero();
    }
}
