package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What becomes of its requests when a subscription is lost. */
class SubscriptionLossTest extends SubscribedEngineTest {

    @Test
    void failsAllWithTheSubscriptionAndOpensAnother() throws Exception {
        triton.enqueue(
                Reply.ofTokens(11).with(Fault.hangAfter(1)), Reply.ofTokens().with(Fault.hangAfter(0)));
        var answered = start(request());
        answered.awaitTokens(1);
        var waiting = start(request());
        triton.awaitLive(2, PATIENCE);
        triton.subscriptions().failAll("The model is being unloaded");
        assertThat(answered.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        assertThat(waiting.awaitError().code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        triton.reply(Reply.ofTokens(21));
        assertThat(start(request()).awaitLast().tokenIds()).containsExactly(21);
        assertThat(subscriptionCounts().opened()).isEqualTo(2);
    }

    @Test
    void failsAllWithTheCall() throws Exception {
        triton.enqueue(
                Reply.ofTokens(11).with(Fault.hangAfter(1)), Reply.ofTokens(21).with(Fault.unavailableAfter(1)));
        var hanging = start(request());
        hanging.awaitTokens(1);
        var breaking = start(request());
        assertThat(breaking.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        assertThat(hanging.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
    }

    @Test
    void freesEverythingWhenTheFrontEndIsGone() throws Exception {
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        for (int i = 0; i < 3; i++) {
            start(request()).awaitTokens(1);
        }
        engine.close();
        triton.awaitCancelled(3, PATIENCE);
        await("none open", counts -> counts.open() == 0);
    }

    @Test
    void triesAnotherReplicaIfThereIsNoTokenYet() throws Exception {
        try (SimulatedTriton second = SimulatedTriton.builder().start();
                TritonEngine both = new TritonEngine(
                        List.of("first", "second"),
                        (address, _) -> ("first".equals(address) ? triton : second)
                                .channel()
                                .directExecutor()
                                .build(),
                        TritonTimeouts.DEFAULT,
                        SubscriptionSettings.DEFAULT,
                        new Random(1),
                        RouteWatch.NONE)) {
            triton.reply(Reply.ofTokens().with(Fault.unavailableAfter(0)));
            second.reply(Reply.ofTokens(11, 12));
            for (int i = 0; i < 2; i++) {
                var heard = new RecordingListener();
                onLoop(() -> both.start(request(), heard, loop));
                assertThat(heard.awaitLast().tokenIds()).containsExactly(11, 12);
            }
            assertThat(triton.counts().failed()).isPositive();
        }
    }

    /** A listener that throws at its last word keeps it from nobody else. */
    @Test
    void tellsAllThatTheSubscriptionIsLost() throws Exception {
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        List<RecordingListener> heard = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            var listener = new RecordingListener();
            heard.add(listener);
            start(request(), new ThrowingAtErrors(listener));
            listener.awaitTokens(1);
        }
        triton.subscriptions().failAll("The model is being unloaded");
        for (RecordingListener listener : heard) {
            assertThat(listener.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        }
    }

    private record ThrowingAtErrors(EngineListener next) implements EngineListener {
        @Override
        public void onPromptRead(int cachedTokens) {}

        @Override
        public void onOutput(EngineOutput output) {
            next.onOutput(output);
        }

        @Override
        public void onError(GenerationException error) {
            next.onError(error);
            throw new IllegalStateException("a listener with a bug");
        }
    }
}
