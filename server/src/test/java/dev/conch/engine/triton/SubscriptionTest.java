package dev.conch.engine.triton;

import static dev.conch.engine.ActingListener.before;
import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.logprobs;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.RecordingListener;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.SimulatedLogprobs;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.subscription.SubscriptionCounts;
import dev.conch.sim.tensor.ReceivedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What many requests have of one subscription: they share messages and steps, and nothing else. */
class SubscriptionTest extends SubscribedEngineTest {

    /** Starts so many in one pass of the loop. */
    private List<RecordingListener> startTogether(int count) throws Exception {
        // The model is asked what it can do before: whoever waits for that starts alone.
        start(request()).awaitLast();
        return onLoop(() -> {
            List<RecordingListener> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                var heard = new RecordingListener();
                engine.start(request(), heard, loop);
                all.add(heard);
            }
            return all;
        });
    }

    @Test
    void submitsWhatOnePassStartsInOneRequest() throws Exception {
        for (RecordingListener heard : startTogether(20)) {
            assertThat(heard.awaitLast().end()).isNotNull();
        }
        SubscriptionCounts counts = subscriptionCounts();
        assertThat(counts.submissions()).isEqualTo(21);
        assertThat(counts.submits()).isEqualTo(2);
        assertThat(counts.opened()).isEqualTo(1);
    }

    @Test
    void tellsEachGenerationItsOwnOfASharedStep() throws Exception {
        triton.reply(received -> Reply.ofTokens((int) received.tensor("seed").longs()[0] & 0xFFF, 7));
        List<RecordingListener> all = startTogether(50);
        for (RecordingListener heard : all) {
            assertThat(heard.awaitLast().tokenIds()).hasSize(2);
        }
        List<Integer> expected = triton.requests().stream()
                .skip(1)
                .map(received -> (int) received.tensor("seed").longs()[0] & 0xFFF)
                .toList();
        assertThat(all).extracting(heard -> heard.tokenIds()[0]).containsExactlyElementsOf(expected);
    }

    @Test
    void sendsTheTensorsOfTheRequestItself() throws Exception {
        start(choices(logprobs(request(), 2), 2)).awaitEnds(2);
        ReceivedRequest received = triton.lastRequest();
        assertThat(received.tensor("input_ids").ints())
                .containsExactly(IntStream.range(100, 110).toArray());
        assertThat(received.tensor("num_return_sequences").asInt()).isEqualTo(2);
        assertThat(received.tensor("num_logprobs").asInt()).isEqualTo(2);
    }

    @Test
    void sharesOutLogprobsAmongThoseThatAskedForThem() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12));
        var with = start(logprobs(request(), 2));
        var without = start(request());
        var alone = start(logprobs(request(), 0));
        triton.awaitLive(3, PATIENCE);
        for (int i = 0; i < 3; i++) {
            triton.step();
        }
        assertThat(with.awaitLast().logprobs())
                .extracting(logprob -> logprob.logprob())
                .containsExactly(SimulatedLogprobs.of(11), SimulatedLogprobs.of(12));
        assertThat(with.logprobs())
                .allSatisfy(logprob -> assertThat(logprob.alternatives()).hasSize(2));
        assertThat(without.awaitLast().logprobs()).isEmpty();
        assertThat(alone.awaitLast().logprobs())
                .extracting(logprob -> logprob.logprob())
                .containsExactly(SimulatedLogprobs.of(11), SimulatedLogprobs.of(12));
    }

    /** Whoever hears of its own news first may cancel another, whose news are in the same step. */
    @Test
    void cancelsWithinOneStep() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12));
        var cancelled = new RecordingListener();
        var other = new CompletableFuture<RunningGeneration>();
        var first = new RecordingListener();
        start(request(), before(first, () -> {
            other.join().cancel();
        }));
        other.complete(start(request(), cancelled));
        triton.awaitLive(2, PATIENCE);
        triton.step();
        triton.awaitCancelled(1, PATIENCE);
        triton.step();
        triton.step();
        assertThat(first.awaitLast().tokenIds()).containsExactly(11, 12);
        assertThat(cancelled.outputs()).isEmpty();
        assertThat(cancelled.errors()).isEmpty();
    }

    @Test
    void stopsTogetherWhatOnePassCancels() throws Exception {
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        List<RunningGeneration> running = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            var heard = new RecordingListener();
            running.add(start(request(), heard));
            heard.awaitTokens(1);
        }
        onLoop(() -> {
            running.forEach(RunningGeneration::cancel);
            return true;
        });
        triton.awaitCancelled(5, PATIENCE);
        assertThat(subscriptionCounts().stopped()).isEqualTo(5);
    }

    @Test
    void failsOneAloneAndGoesOnWithTheOthers() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.enqueue(Reply.ofTokens(11, 12), Reply.ofTokens(21).with(Fault.errorAfter(1, "out of luck")));
        var healthy = start(request());
        var failing = start(request());
        triton.awaitLive(2, PATIENCE);
        for (int i = 0; i < 3; i++) {
            triton.step();
        }
        assertThat(failing.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        assertThat(failing.tokenIds()).containsExactly(21);
        assertThat(healthy.awaitLast().tokenIds()).containsExactly(11, 12);
    }

    @Test
    void passesOnARefusal() throws Exception {
        triton.reply(Reply.generated().with(Fault.queueFull()));
        assertThat(start(request()).awaitError().code()).isEqualTo(ErrorCode.OVERLOADED);
        triton.reply(Reply.ofTokens(11));
        assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11);
        assertThat(subscriptionCounts().opened()).isEqualTo(1);
    }

    @Test
    void keepsTwoFrontEndsApart() throws Exception {
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        var heard = start(request());
        heard.awaitTokens(1);
        try (var other = engine(TritonTimeouts.DEFAULT, SubscriptionSettings.DEFAULT)) {
            var foreign = new RecordingListener();
            onLoop(() -> other.start(request(), foreign, loop));
            foreign.awaitTokens(1);
            assertThat(subscriptionCounts().open()).isEqualTo(2);
        }
        triton.awaitCancelled(1, PATIENCE);
        await("one open", counts -> counts.open() == 1);
        assertThat(triton.counts().live()).isEqualTo(1);
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void speaksToEachModelInItsOwnWay() throws Exception {
        use(SimulatedTriton.builder().parameter("unsupported_inputs", "subscription"));
        triton.reply(Reply.ofTokens(11));
        assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11);
        assertThat(subscriptionCounts().opened()).isZero();
    }

    @Test
    void outlivesAListenerThatThrows() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12));
        var throwing = new RecordingListener();
        start(request(), before(throwing, () -> {
            throw new IllegalStateException("a listener with a bug");
        }));
        var other = start(request());
        triton.awaitLive(2, PATIENCE);
        triton.step();
        triton.awaitCancelled(1, PATIENCE);
        triton.step();
        triton.step();
        assertThat(throwing.awaitError().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
        assertThat(other.awaitLast().tokenIds()).containsExactly(11, 12);
    }

    @Test
    void losesNoneButASilentOne() throws Exception {
        use(new TritonTimeouts(LONG, SHORT, LONG, LONG), SubscriptionSettings.DEFAULT);
        triton.enqueue(
                Reply.ofTokens(11).with(Fault.hangAfter(1)), Reply.ofTokens().with(Fault.hangAfter(0)));
        var silent = start(request());
        var waiting = start(request());
        assertThat(silent.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
        triton.awaitCancelled(1, PATIENCE);
        assertThat(waiting.errors()).isEmpty();
        assertThat(subscriptionCounts().open()).isEqualTo(1);
    }
}
