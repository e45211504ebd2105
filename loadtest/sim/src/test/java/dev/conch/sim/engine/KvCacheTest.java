package dev.conch.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.proto.inference.ModelInferRequest;
import dev.conch.sim.Requests;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.tensor.ReceivedRequest;
import dev.conch.sim.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who gets room in the KV cache, and what is found there; blocks of four tokens. */
class KvCacheTest {
    private static final int TOKENS = 4;

    private final FakeScheduler scheduler = new FakeScheduler();
    private final RecordingSink sink = new RecordingSink(scheduler);

    private Engine engine(int blocks) {
        return engine(KvCacheSize.ofBlocks(blocks, TOKENS).withReuse());
    }

    private Engine engine(KvCacheSize size) {
        return new Engine(
                EngineVariant.conch(),
                EngineLimits.roomy().withMaxSequenceLength(16).withKvCache(size),
                Pace.manual(),
                new Ledger(),
                scheduler);
    }

    private static int[] tokens(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private void submit(Engine engine, ModelInferRequest.Builder request, Reply reply) {
        engine.submit(new ReceivedRequest(request.build()), reply, sink);
    }

    private void submit(Engine engine, String id, int maxTokens, int... prompt) {
        submit(engine, Requests.streaming(id, maxTokens, prompt), Reply.generated());
    }

    private void steps(Engine engine, int count) {
        for (int i = 0; i < count; i++) {
            engine.step();
        }
        scheduler.pass(0);
    }

    private EngineStatistics statistics(Engine engine) {
        var asked = engine.statistics();
        scheduler.pass(0);
        return asked.join();
    }

    /** What a request is told, when it is alone. */
    private int cachedFor(Engine engine, int maxTokens, int... prompt) {
        submit(engine, "r", maxTokens, prompt);
        steps(engine, maxTokens + 1);
        return sink.lastNumber("cached_tokens");
    }

    @Test
    void allThatARequestCanNeedIsPromised() {
        Engine engine = engine(4);
        submit(engine, "a", 3, tokens(0, 6));
        submit(engine, "b", 1, tokens(0, 2));
        submit(engine, "c", 2, tokens(0, 3));
        submit(engine, "d", 1, tokens(0, 2));
        steps(engine, 1);
        // Three blocks and one: c, which wants two, waits, and d does not overtake it.
        assertThat(sink.ids()).containsExactly("a", "b");
        assertThat(statistics(engine).kvUsed()).isEqualTo(3);
        steps(engine, 2);
        assertThat(sink.ids()).containsExactly("a", "b", "a", "a");
        steps(engine, 1);
        assertThat(sink.ids()).containsExactly("a", "b", "a", "a", "c", "d");
    }

    @Test
    void nobodyRunsOutOfRoom() {
        Engine engine = engine(4);
        for (int i = 0; i < 9; i++) {
            submit(engine, Integer.toString(i), 1 + i % 3, tokens(i, i + 5 + i % 4));
        }
        for (int i = 0; i < 40; i++) {
            steps(engine, 1);
            assertThat(statistics(engine).kvUsed()).isLessThanOrEqualTo(4);
        }
        assertThat(sink.ids()).hasSize(18);
        assertThat(statistics(engine)).extracting("active", "kvUsed").containsExactly(0, 0);
    }

    @Test
    void wholeBlocksAreFoundAgain() {
        Engine engine = engine(100);
        assertThat(cachedFor(engine, 1, tokens(0, 10))).isZero();
        assertThat(cachedFor(engine, 1, tokens(0, 10))).isEqualTo(8);
        assertThat(cachedFor(engine, 1, 0, 1, 2, 3, 7, 7, 7, 7)).isEqualTo(4);
        assertThat(cachedFor(engine, 1, 9, 1, 2, 3, 4)).isZero();
        assertThat(statistics(engine).kvReused()).isEqualTo(3);
    }

    @Test
    void theLastTokenOfAPromptIsAlwaysRead() {
        Engine engine = engine(100);
        cachedFor(engine, 1, tokens(0, 8));
        assertThat(cachedFor(engine, 1, tokens(0, 8))).isEqualTo(4);
    }

    @Test
    void whatHasBeenSaidIsFoundAgain() {
        Engine engine = engine(100);
        submit(engine, Requests.streaming("r", 3, tokens(0, 6)), Reply.ofTokens(21, 22, 23, 24));
        steps(engine, 4);
        // Two of the three tokens are in the cache: nobody has evaluated the last one.
        assertThat(cachedFor(engine, 1, 0, 1, 2, 3, 4, 5, 21, 22, 23)).isEqualTo(8);
    }

    @Test
    void aTokenThatOnlyEosFollowsIsInTheCache() {
        Engine engine = engine(100);
        submit(engine, Requests.streaming("r", 9, tokens(0, 6)), Reply.ofTokens(21, 22));
        steps(engine, 4);
        assertThat(cachedFor(engine, 1, 0, 1, 2, 3, 4, 5, 21, 22, 23)).isEqualTo(8);
    }

    @Test
    void aPromptIsFoundWhileItsRequestRuns() {
        Engine engine = engine(100);
        submit(engine, "a", 5, tokens(0, 9));
        submit(engine, "b", 5, tokens(0, 9));
        steps(engine, 1);
        assertThat(sink.lastNumber("cached_tokens")).isZero();
        submit(engine, "c", 5, tokens(0, 9));
        steps(engine, 1);
        assertThat(sink.lastNumber("cached_tokens")).isEqualTo(8);
        // Of the four blocks of each, two are the same: a, b and c have 2 + 3 * 2.
        assertThat(statistics(engine).kvUsed()).isEqualTo(8);
    }

    @Test
    void theLeastRecentlyUsedGoesFirst() {
        Engine engine = engine(6);
        cachedFor(engine, 1, tokens(0, 9));
        cachedFor(engine, 1, tokens(100, 109));
        assertThat(cachedFor(engine, 1, tokens(0, 9))).isEqualTo(8);
        // Wants four blocks where two are free: those of the second go, the last one first.
        cachedFor(engine, 4, tokens(200, 212));
        assertThat(cachedFor(engine, 1, tokens(0, 9))).isEqualTo(8);
        assertThat(cachedFor(engine, 1, tokens(100, 109))).isZero();
    }

    @Test
    void whatIsFoundNeedNotBeRead() {
        Engine engine = new Engine(
                EngineVariant.conch(),
                EngineLimits.roomy().withMaxSequenceLength(40).withKvCache(new KvCacheSize(50, TOKENS, true)),
                Pace.manual(8),
                new Ledger(),
                scheduler);
        submit(engine, "a", 1, tokens(0, 24));
        steps(engine, 3);
        submit(engine, "b", 1, tokens(0, 24));
        steps(engine, 1);
        assertThat(sink.ids()).containsExactly("a", "b");
    }

    @Test
    void withoutReuseNothingIsFound() {
        Engine engine = engine(KvCacheSize.ofBlocks(100, TOKENS));
        cachedFor(engine, 1, tokens(0, 9));
        assertThat(cachedFor(engine, 1, tokens(0, 9))).isZero();
    }

    @Test
    void aCancelledRequestGivesItsRoomBack() {
        Engine engine = engine(4);
        submit(engine, "a", 7, tokens(0, 9));
        submit(engine, "b", 1, tokens(50, 53));
        steps(engine, 1);
        assertThat(sink.ids()).containsExactly("a");
        sink.started().getFirst().cancel();
        steps(engine, 1);
        assertThat(sink.ids()).containsExactly("a", "b");
    }

    @Test
    void sequencesOfARequestShareItsPrompt() {
        Engine engine = engine(100);
        submit(
                engine,
                Requests.with(Requests.streaming("a", 4, tokens(0, 9)), Tensor.int32("num_return_sequences", 3)),
                Reply.generated());
        assertThat(statistics(engine).kvUsed()).isEqualTo(2 + 3 * 2);
    }

    @Test
    void moreSequencesThanEverFitAreRefused() {
        submit(
                engine(4),
                Requests.with(Requests.streaming("a", 7, tokens(0, 9)), Tensor.int32("num_return_sequences", 2)),
                Reply.generated());
        scheduler.pass(0);
        assertThat(sink.lastError()).startsWith("num_return_sequences: 2 (expected: as many as find room");
    }

    @Test
    void aSmallCacheShortensTheLongestSequence() {
        EngineLimits limits = EngineLimits.roomy().withKvCache(KvCacheSize.ofBlocks(4, TOKENS));
        assertThat(limits.maxSequenceLength()).isEqualTo(16);
        assertThatThrownBy(() -> limits.withMaxSequenceLength(17)).hasMessage("kvCache: 4 (expected: at least 5)");
    }

    @Test
    void whatIsKeptNeedsABound() {
        assertThatThrownBy(() -> KvCacheSize.unlimited().withReuse()).hasMessageContaining("blocks: unlimited");
        assertThatThrownBy(() -> KvCacheSize.ofBlocks(4, 0)).hasMessageContaining("tokensPerBlock: 0");
    }

    @Test
    void equalWorkGivesEqualBlocks() {
        assertThat(IntStream.range(0, 2).mapToObj(_ -> trace()).distinct()).hasSize(1);
    }

    /** The statistics after each step of a busy engine. */
    private String trace() {
        Engine engine = engine(7);
        StringBuilder trace = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            submit(engine, "r", 1 + i % 5, Arrays.copyOf(new int[] {i % 3, 1, 2, 3, i % 2, 5, 6, 7, 8}, 5 + i % 5));
            steps(engine, 1);
            trace.append(statistics(engine));
        }
        return trace.toString();
    }
}
