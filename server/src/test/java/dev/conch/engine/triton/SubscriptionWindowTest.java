package dev.conch.engine.triton;

import static dev.conch.engine.ActingListener.before;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.Pause;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Reply;
import dev.conch.sim.subscription.SubscriptionCounts;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How a subscription is kept going: what is read is acknowledged, what is not is merged, and Triton need not remember it all. */
class SubscriptionWindowTest extends SubscribedEngineTest {

    /** The engine goes on without waiting: what a reader has not acknowledged is merged, and nothing is lost. */
    @Test
    void mergesTheBacklogOfASlowReader() throws Exception {
        int[] tokenIds = IntStream.range(1_000, 1_400).toArray();
        triton.reply(Reply.ofTokens(tokenIds));
        var slow = new RecordingListener();
        var pause = new Pause();
        start(request(1_000), before(slow, pause::hold));
        pause.awaitBegin();
        triton.awaitLive(0, PATIENCE);
        assertThat(subscriptionCounts().steps()).isEqualTo(StepWindow.STEPS);
        pause.end();
        assertThat(slow.awaitLast().tokenIds()).containsExactly(tokenIds);
        assertThat(slow.outputs()).hasSizeLessThan(tokenIds.length);
    }

    @Test
    void losesOnlyWhatGathersTooMuch() throws Exception {
        RecordingListener slow = readTooLate();
        assertThat(slow.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        triton.reply(Reply.ofTokens(11));
        assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11);
        assertThat(subscriptionCounts().opened()).isEqualTo(1);
    }

    @Test
    void renewsALongLivedSubscriptionWithoutLosingAStep() throws Exception {
        triton.reply(Reply.ofTokens(11, 12));
        var hanging = new RecordingListener();
        triton.enqueue(Reply.ofTokens(21).with(Fault.hangAfter(1)));
        start(request(), hanging);
        for (int i = 0; i < StepWindow.RENEWED_EACH; i++) {
            assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11, 12);
        }
        assertThat(hanging.errors()).isEmpty();
        SubscriptionCounts counts = subscriptionCounts();
        assertThat(counts.opened()).isEqualTo(1);
        assertThat(counts.renewals()).isPositive();
        assertThat(counts.acknowledgements()).isPositive();
    }

    @Test
    void closesWhatIsIdleAndOpensAnother() throws Exception {
        use(TritonTimeouts.DEFAULT, new SubscriptionSettings(true, SHORT));
        start(request()).awaitLast();
        await("none open", counts -> counts.opened() == 1 && counts.open() == 0);
        start(request()).awaitLast();
        await("none open", counts -> counts.opened() == 2 && counts.open() == 0);
        assertThat(triton.counts().cancelled()).isZero();
    }
}
