package dev.conch.engine.triton;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.ActingListener.before;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of a subscription whose model is unloaded, or loaded anew so that another instance answers. */
class SubscriptionReloadTest extends SubscribedEngineTest {

    /** Makes so many steps, one after the other, so that none are merged. */
    private void step(RecordingListener heard, int from, int to) throws Exception {
        for (int step = from; step <= to; step++) {
            triton.step();
            heard.awaitTokens(step);
        }
    }

    /** One whose tokens come one by one as it is stepped. */
    private RecordingListener startStepping(Reply reply) throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(reply);
        var heard = start(request(1_000));
        triton.awaitLive(1, PATIENCE);
        return heard;
    }

    /** Far more steps than a window has: the engine waits for none any more. */
    @Test
    void hearsAModelOutThatIsUnloaded() throws Exception {
        int[] tokenIds = IntStream.range(1_000, 1_200).toArray();
        var heard = startStepping(Reply.ofTokens(tokenIds));
        step(heard, 1, 1);
        triton.subscriptions().unload();
        step(heard, 2, tokenIds.length);
        triton.step();
        assertThat(heard.awaitLast().tokenIds()).containsExactly(tokenIds);
        await("none open", counts -> counts.open() == 0);
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        triton.subscriptions().load();
        start(request());
        await("another opened", counts -> counts.opened() == 2);
    }

    /** What comes to another instance than its subscription did is submitted anew, and nobody notices. */
    @Test
    void losesNothingOfAModelThatIsLoadedAnew() throws Exception {
        var before = startStepping(Reply.ofTokens(11, 12, 13));
        step(before, 1, 1);
        triton.subscriptions().reload();
        var after = start(request());
        triton.awaitLive(2, PATIENCE);
        for (int i = 0; i < 4; i++) {
            triton.step();
        }
        for (RecordingListener heard : List.of(before, after)) {
            assertThat(heard.awaitLast().tokenIds()).containsExactly(11, 12, 13);
            assertThat(heard.errors()).isEmpty();
        }
        assertThat(subscriptionCounts().opened()).isEqualTo(2);
    }

    /** An instance that does not see its successor hears no acknowledgement. What it cannot tell any more is lost, and said to be. */
    @Test
    void waitsNotForEverBehindTheWindowOfAnInstanceThatDoesNotSeeItsSuccessor() throws Exception {
        use(new TritonTimeouts(LONG, LONG, LONG, Duration.ofSeconds(2)), SubscriptionSettings.DEFAULT);
        triton.reply(Reply.generated(1_000));
        var heard = new RecordingListener();
        start(request(1_000), before(heard, triton.subscriptions()::reloadUnseen));
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        assertThat(heard.tokenIds()).hasSize(StepWindow.STEPS);
        await("none open", counts -> counts.open() == 0);
    }

    /** Steps beyond the window say that there is none any more: then silence is no sign of it, however long the prompt of another takes. */
    @Test
    void waitsForAnInstanceThatIsSilentBeyondItsWindow() throws Exception {
        Duration question = Duration.ofSeconds(1);
        int[] tokenIds = IntStream.range(1_000, 1_000 + 2 * StepWindow.STEPS).toArray();
        use(SimulatedTriton.builder().pace(Pace.manual()), new TritonTimeouts(LONG, LONG, LONG, question));
        triton.reply(Reply.ofTokens(tokenIds));
        var heard = start(request(1_000));
        triton.awaitLive(1, PATIENCE);
        step(heard, 1, 1);
        triton.subscriptions().reload();
        step(heard, 2, tokenIds.length);
        awaitSilence(question.multipliedBy(3).dividedBy(2));
        triton.step();
        assertThat(heard.awaitLast().tokenIds()).containsExactly(tokenIds);
        assertThat(heard.errors()).isEmpty();
    }

    /** By the clock of the timer that would wrongly end it. */
    private void awaitSilence(Duration duration) throws Exception {
        var over = new CountDownLatch(1);
        new SilenceTimer(new RequestLoop(loop), over::countDown).start(duration);
        assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /**
     * What nobody wants any more would go on to its end: the instance before cannot be told to stop it. Its steps come much faster than
     * the time goes by after which the stream is cancelled.
     */
    @Test
    void endsWhatIsCancelledAtTheInstanceBefore() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.steps(Duration.ZERO, Duration.ofMillis(2))));
        use(TritonTimeouts.DEFAULT, new SubscriptionSettings(true, Duration.ofMillis(500)));
        triton.reply(Reply.generated());
        var heard = new RecordingListener();
        var running = start(request(1_000_000), heard);
        heard.awaitTokens(1);
        triton.subscriptions().reload();
        heard.awaitTokens(2 * StepWindow.STEPS);
        running.cancel();
        triton.awaitCancelled(1, PATIENCE);
        await("none open", counts -> counts.open() == 0);
        eventually(() -> assertThat(routes.closed()).isEqualTo(Map.of(RouteWatch.Reason.REPLACED, 1)));
    }

    /** Two requests of one id are open, and the newer one is there: it was the older one that ended. */
    @Test
    void losesAtOnceWhatBreaksDownDuringARenewal() throws Exception {
        var heard = startStepping(Reply.generated(1_000));
        step(heard, 1, StepWindow.RENEWED_EACH - 1);
        triton.subscriptions().reload();
        triton.step();
        await("one of the renewal's", counts -> counts.opened() == 2);
        triton.subscriptions().failReplaced("out of luck");
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        triton.reply(Reply.ofTokens(11));
        var after = start(request());
        triton.awaitLive(1, PATIENCE);
        step(after, 1, 1);
    }

    /** The instance that a renewal comes to takes it for a new subscription, and must get none of the old one's requests. */
    @Test
    void submitsNothingOnARenewalThatCrossesAReload() throws Exception {
        var before = startStepping(Reply.generated(1_000));
        step(before, 1, StepWindow.RENEWED_EACH - 1);
        triton.subscriptions().reload();
        triton.step();
        await("one of the renewal's", counts -> counts.opened() == 2);
        triton.reply(Reply.ofTokens(11, 12));
        var after = start(request());
        triton.awaitLive(2, PATIENCE);
        step(before, StepWindow.RENEWED_EACH + 1, StepWindow.RENEWED_EACH + 3);
        assertThat(after.awaitLast().tokenIds()).containsExactly(11, 12);
        assertThat(after.errors()).isEmpty();
        assertThat(before.errors()).isEmpty();
        assertThat(subscriptionCounts().opened()).isEqualTo(3);
    }

    /** The refusal of a renewal bears the subscription's own id, and is not its end. */
    @Test
    void doesNotTakeTheRefusalOfARenewalForTheEnd() throws Exception {
        int[] tokenIds = IntStream.range(1_000, 1_300).toArray();
        var heard = startStepping(Reply.ofTokens(tokenIds));
        step(heard, 1, StepWindow.RENEWED_EACH - 1);
        triton.subscriptions().unload();
        step(heard, StepWindow.RENEWED_EACH, tokenIds.length);
        triton.step();
        assertThat(heard.awaitLast().tokenIds()).containsExactly(tokenIds);
        assertThat(heard.errors()).isEmpty();
        await("none open", counts -> counts.open() == 0);
    }
}
