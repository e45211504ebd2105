package dev.conch.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.sim.Requests;
import dev.conch.sim.script.Batching;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is in a step of in-flight batching, and how long it takes, on a clock that the test owns. */
class BatchPacerTest {
    /** A step takes 10, each sequence 1 more, each token of a prompt 2 more, and it reads 8 of those. */
    private static final Batching STEPS =
            new Batching(Duration.ofNanos(10), Duration.ofNanos(1), Duration.ofNanos(2), 8);

    private final FakeScheduler scheduler = new FakeScheduler();
    private final RecordingSink sink = new RecordingSink(scheduler);

    private Engine engine(Pace pace, EngineLimits limits) {
        return new Engine(EngineVariant.conch(), limits, pace, new Ledger(), scheduler);
    }

    private Engine engine(Pace pace) {
        return engine(pace, EngineLimits.roomy());
    }

    /** A request with so many prompt tokens, for three tokens. */
    private void submit(Engine engine, String id, int promptTokens, Reply reply) {
        int[] prompt = IntStream.range(0, promptTokens).toArray();
        engine.submit(new ReceivedRequest(Requests.streaming(id, 3, prompt).build()), reply, sink);
    }

    private void submit(Engine engine, String id, int promptTokens) {
        submit(engine, id, promptTokens, Reply.generated());
    }

    @Test
    void aPromptCostsWhatItIsLong() {
        submit(engine(Pace.batches(STEPS)), "a", 5);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@20", "a@31", "a@42");
    }

    @Test
    void aLongPromptIsReadInParts() {
        submit(engine(Pace.batches(STEPS)), "a", 20);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@70", "a@81", "a@92");
    }

    @Test
    void aLongPromptDelaysOthersByItsParts() {
        Engine engine = engine(Pace.batches(STEPS));
        submit(engine, "a", 1);
        submit(engine, "b", 16);
        scheduler.pass(1_000);
        // The first step is alone with a, the next two also read half of b, the last two are b's alone.
        assertThat(sink.events()).containsExactly("a@12", "a@39", "a@66", "b@66", "b@77", "b@88");
    }

    @Test
    void moreSequencesMakeAStepLonger() {
        Engine engine = engine(Pace.batches(STEPS));
        submit(engine, "a", 1);
        scheduler.pass(0);
        submit(engine, "b", 1);
        submit(engine, "c", 1);
        scheduler.pass(1_000);
        assertThat(sink.events())
                .containsExactly("a@12", "a@27", "b@27", "c@27", "a@40", "b@40", "c@40", "b@52", "c@52");
    }

    @Test
    void promptsShareAStep() {
        Engine engine = engine(Pace.manual(8));
        submit(engine, "a", 6);
        submit(engine, "b", 6);
        engine.step();
        scheduler.pass(0);
        assertThat(sink.events()).containsExactly("a@0");
        engine.step();
        scheduler.pass(0);
        assertThat(sink.events()).containsExactly("a@0", "a@0", "b@0");
    }

    @Test
    void whoIsCancelledLeavesTheStep() {
        Engine engine = engine(Pace.manual(8));
        submit(engine, "a", 20);
        submit(engine, "b", 8);
        engine.step();
        scheduler.pass(0);
        sink.started().getFirst().cancel();
        engine.step();
        scheduler.pass(0);
        assertThat(sink.events()).containsExactly("b@0");
    }

    @Test
    void whoStallsDoesNotHoldTheOthers() {
        Engine engine = engine(Pace.batches(STEPS));
        submit(engine, "a", 1, Reply.generated().with(Fault.stallAfter(1, Duration.ofNanos(15))));
        submit(engine, "b", 1);
        scheduler.pass(1_000);
        assertThat(sink.events()).containsExactly("a@12", "b@25", "b@36", "b@47", "a@58", "a@69");
    }

    @Test
    void onlyAPaceByHandTakesSteps() {
        engine(Pace.batches(STEPS)).step();
        assertThatThrownBy(() -> scheduler.pass(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void statisticsTellWhatIsInAStep() {
        Engine engine = engine(Pace.manual(8), EngineLimits.roomy().withSlots(3, 9));
        submit(engine, "a", 2);
        engine.step();
        submit(engine, "b", 20);
        submit(engine, "c", 20);
        submit(engine, "d", 20);
        engine.step();
        var asked = engine.statistics();
        scheduler.pass(0);
        assertThat(asked.join())
                .isEqualTo(new EngineStatistics(4, 3, 2, 1, 1, 8, Integer.MAX_VALUE, 1 + 1 + 1, 0, 32, 2));
        assertThat(asked.join().waiting()).isEqualTo(2);
    }

    @Test
    void stepsNeedTime() {
        Batching free = new Batching(Duration.ZERO, Duration.ZERO, Duration.ofNanos(1), 8);
        assertThatThrownBy(() -> Pace.batches(free)).hasMessageContaining("step: PT0S");
        assertThatThrownBy(() -> new Batching(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0))
                .hasMessageContaining("promptTokensPerStep: 0");
    }
}
