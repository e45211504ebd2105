package dev.conch.engine.triton;

import static dev.conch.Eventually.eventually;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.RecordingListener;
import dev.conch.engine.triton.RouteWatch.Reason;
import dev.conch.engine.triton.RouteWatch.Way;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the operator is told of the way to Triton. */
class RouteWatchTest extends SubscribedEngineTest {

    @Test
    void tellsWaysApart() throws Exception {
        run(request());
        run(request());
        use(SimulatedTriton.builder().parameter("unsupported_inputs", "subscription"));
        run(request());
        assertThat(routes.requests()).isEqualTo(Map.of(Way.SUBSCRIPTION, 2, Way.STREAM, 1));
    }

    @Test
    void countsStepsAndWhatIsUnderWay() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12));
        var one = start(request());
        var other = start(request());
        triton.awaitLive(2, PATIENCE);
        assertThat(routes.generations()).isEqualTo(2);
        triton.step();
        triton.step();
        triton.step();
        one.awaitLast();
        other.awaitLast();
        eventually(() -> assertThat(routes.generations()).isZero());
        eventually(() -> assertThat(routes.steps())
                .isEqualTo((int) triton.subscriptions().counts().steps()));
        assertThat(routes.opened()).isEqualTo(1);
        assertThat(routes.closed()).isEmpty();
    }

    @Test
    void saysWhyASubscriptionEnded() throws Exception {
        use(TritonTimeouts.DEFAULT, new SubscriptionSettings(true, SHORT));
        run(request());
        eventually(() -> assertThat(routes.closed()).isEqualTo(Map.of(Reason.IDLE, 1)));
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        start(request()).awaitTokens(1);
        triton.subscriptions().failAll("The model is being unloaded");
        eventually(() -> assertThat(routes.closed()).isEqualTo(Map.of(Reason.IDLE, 1, Reason.LOST, 1)));
        eventually(() -> assertThat(routes.generations()).isZero());
        assertThat(routes.opened()).isEqualTo(2);
    }

    @Test
    void tellsThatAModelWasLoadedAnew() throws Exception {
        use(TritonTimeouts.DEFAULT, new SubscriptionSettings(true, SHORT));
        triton.enqueue(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        var heard = new RecordingListener();
        var hanging = start(request(), heard);
        heard.awaitTokens(1);
        triton.subscriptions().reload();
        run(request());
        hanging.cancel();
        eventually(() -> assertThat(routes.closed()).containsEntry(Reason.REPLACED, 1));
        assertThat(routes.opened()).isEqualTo(2);
    }

    /** The engine ends it at once, and not this side when it was idle for long enough. */
    @Test
    void tellsThatAModelWithNothingUnderWayWasUnloaded() throws Exception {
        run(request());
        triton.subscriptions().unload();
        eventually(() -> assertThat(routes.closed()).isEqualTo(Map.of(Reason.REPLACED, 1)));
    }

    @Test
    void countsRenewals() throws Exception {
        for (int i = 0; i <= StepWindow.RENEWED_EACH; i++) {
            run(request(2));
        }
        eventually(() -> assertThat(routes.renewed())
                .isEqualTo((int) triton.subscriptions().counts().renewals())
                .isPositive());
    }

    @Test
    void countsWhatTheEngineGaveUp() throws Exception {
        readTooLate().awaitError();
        assertThat(routes.cuts()).isEqualTo(1);
    }
}
