package dev.conch.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.sim.Requests;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When responses leave, on a clock that the test owns. */
class PaceTest {
    private static final Duration PREFILL = Duration.ofNanos(100);
    private static final Duration INTER_TOKEN = Duration.ofNanos(10);

    private final FakeScheduler scheduler = new FakeScheduler();
    private final RecordingSink sink = new RecordingSink(scheduler);

    private Engine engine(Pace pace) {
        return new Engine(EngineVariant.conch(), EngineLimits.roomy(), pace, new Ledger(), scheduler);
    }

    private void submit(Engine engine, String id, Reply reply, int... prompt) {
        engine.submit(new ReceivedRequest(Requests.streaming(id, 3, prompt).build()), reply, sink);
    }

    @Test
    void aBurstTakesNoTime() {
        submit(engine(Pace.burst()), "a", Reply.generated(), 5);
        scheduler.pass(0);
        assertThat(sink.events()).containsExactly("a@0", "a@0", "a@0");
    }

    @Test
    void eachRequestHasItsOwnTimer() {
        Engine engine = engine(Pace.eachAlone(PREFILL, INTER_TOKEN));
        submit(engine, "a", Reply.generated(), 5);
        scheduler.pass(5);
        submit(engine, "b", Reply.generated(), 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@100", "b@105", "a@110", "b@115", "a@120", "b@125");
    }

    @Test
    void prefillMayGrowWithThePrompt() {
        submit(
                engine(Pace.eachAlone(PREFILL, INTER_TOKEN).withPrefillPerToken(Duration.ofNanos(7))),
                "a",
                Reply.generated(1),
                1,
                2,
                3);
        scheduler.pass(1_000);
        assertThat(sink.events()).first().isEqualTo("a@121");
    }

    @Test
    void aStepServesEverybody() {
        Engine engine = engine(Pace.steps(PREFILL, INTER_TOKEN));
        submit(engine, "a", Reply.generated(), 5);
        scheduler.pass(5);
        submit(engine, "b", Reply.generated(), 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@100", "a@110", "b@110", "a@120", "b@120", "b@130");
    }

    @Test
    void stepsEndWithTheLastRequestAndBeginWithTheNext() {
        Engine engine = engine(Pace.steps(PREFILL, INTER_TOKEN));
        submit(engine, "a", Reply.generated(), 5);
        scheduler.pass(1_000);
        assertThat(scheduler.isIdle()).isTrue();
        submit(engine, "b", Reply.generated(), 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).endsWith("b@1100", "b@1110", "b@1120");
    }

    @Test
    void aStallDelaysOneRequestOnly() {
        Engine engine = engine(Pace.steps(PREFILL, INTER_TOKEN));
        submit(engine, "a", Reply.generated().with(Fault.stallAfter(1, Duration.ofNanos(35))), 5);
        submit(engine, "b", Reply.generated(), 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@100", "b@100", "b@110", "b@120", "a@145", "a@155");
    }

    @Test
    void aStallDelaysWithATimerOfItsOwnToo() {
        Engine engine = engine(Pace.eachAlone(PREFILL, INTER_TOKEN));
        submit(engine, "a", Reply.generated().with(Fault.stallAfter(1, Duration.ofNanos(35))), 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@100", "a@145", "a@155");
    }

    @Test
    void byHandNothingMovesByItself() {
        Engine engine = engine(Pace.manual());
        submit(engine, "a", Reply.generated(), 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).isEmpty();
        engine.step();
        scheduler.pass(0);
        assertThat(sink.events()).containsExactly("a@1000");
    }

    @Test
    void onlyAPaceByHandTakesSteps() {
        engine(Pace.burst()).step();
        assertThatThrownBy(() -> scheduler.pass(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void stepsNeedAnInterval() {
        assertThatThrownBy(() -> Pace.steps(PREFILL, Duration.ZERO)).hasMessageContaining("interToken: PT0S");
    }
}
