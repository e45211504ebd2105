package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.logprobs;
import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.EngineRequests.singleAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.RecordingListener;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.SimulatedLogprobs;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import dev.conch.sim.subscription.SubscriptionCounts;
import dev.conch.sim.tensor.ReceivedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What only subscriptions do: batches, steps that many share, what becomes of all when the subscription is lost. */
class SubscriptionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofMillis(50);

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private SimulatedTriton triton = SimulatedTriton.builder().start();
    private TritonEngine engine = engine(SubscriptionSettings.DEFAULT);

    @AfterEach
    void stop() {
        engine.close();
        triton.close();
        loop.shutdownNow();
    }

    private TritonEngine engine(SubscriptionSettings subscriptions) {
        return new TritonEngine(
                List.of("in process"),
                TritonEngineContractTest.inProcess(triton),
                TritonTimeouts.DEFAULT,
                subscriptions,
                new Random(1));
    }

    private void use(SimulatedTriton.Builder other) {
        engine.close();
        triton.close();
        triton = other.start();
        engine = engine(SubscriptionSettings.DEFAULT);
    }

    private <T> T onLoop(Supplier<T> work) throws Exception {
        return CompletableFuture.supplyAsync(work, loop).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private RunningGeneration start(GenerationRequest request, EngineListener listener) throws Exception {
        return onLoop(() -> engine.start(request, listener, loop));
    }

    private RecordingListener start(GenerationRequest request) throws Exception {
        var heard = new RecordingListener();
        start(request, heard);
        return heard;
    }

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

    private SubscriptionCounts await(String wish, Predicate<SubscriptionCounts> wished) throws Exception {
        return triton.subscriptions().await(wish, wished, PATIENCE);
    }

    @Test
    void submitsWhatOnePassStartsInOneRequest() throws Exception {
        for (RecordingListener heard : startTogether(20)) {
            assertThat(heard.awaitLast().end()).isNotNull();
        }
        SubscriptionCounts counts = triton.subscriptions().counts();
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

    @Test
    void givesASingleAnswerInOnePiece() throws Exception {
        triton.reply(Reply.ofTokens(11, 12, 13));
        RecordingListener heard = start(singleAnswer()).awaitLast();
        assertThat(heard.outputs()).containsExactly(EngineOutput.last(0, End.STOP, 11, 12, 13));
    }

    /** Whoever hears of its own news first may cancel another, whose news are in the same step. */
    @Test
    void cancelsWithinOneStep() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12));
        var cancelled = new RecordingListener();
        var other = new CompletableFuture<RunningGeneration>();
        var first = new RecordingListener();
        EngineListener acting = before(first, () -> {
            other.join().cancel();
        });
        start(request(), acting);
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
        assertThat(triton.subscriptions().counts().stopped()).isEqualTo(5);
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
        assertThat(triton.subscriptions().counts().opened()).isEqualTo(1);
    }

    /** A listener that throws loses its own answer, and nobody else's. */
    @Test
    void outlivesAListenerThatThrows() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12));
        var throwing = new RecordingListener();
        EngineListener acting = before(throwing, () -> {
            throw new IllegalStateException("a listener with a bug");
        });
        start(request(), acting);
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
        assertThat(triton.subscriptions().counts().opened()).isEqualTo(2);
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

    @ParameterizedTest
    @EnumSource
    void doesNotBelieveABrokenStep(Corruption corruption) throws Exception {
        triton.reply(Reply.ofTokens(11, 12, 13).with(Fault.corruptAfter(1, corruption)));
        RecordingListener heard = start(request());
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
        assertThat(heard.tokenIds()).containsExactly(11);
        await("none open", counts -> counts.open() == 0);
    }

    @Test
    void keepsTwoFrontEndsApart() throws Exception {
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        var heard = start(request());
        heard.awaitTokens(1);
        try (var other = engine(SubscriptionSettings.DEFAULT)) {
            var foreign = new RecordingListener();
            onLoop(() -> other.start(request(), foreign, loop));
            foreign.awaitTokens(1);
            assertThat(triton.subscriptions().counts().open()).isEqualTo(2);
        }
        triton.awaitCancelled(1, PATIENCE);
        await("one open", counts -> counts.open() == 1);
        assertThat(triton.counts().live()).isEqualTo(1);
        assertThat(heard.errors()).isEmpty();
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

    /** The engine goes on without waiting: what a reader has not acknowledged is merged, and nothing is lost. */
    @Test
    void mergesTheBacklogOfASlowReader() throws Exception {
        int[] tokenIds = IntStream.range(1_000, 1_400).toArray();
        triton.reply(Reply.ofTokens(tokenIds));
        var reading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = new RecordingListener();
        EngineListener acting = before(slow, () -> {
            reading.countDown();
            waitFor(goOn);
        });
        start(request(1_000), acting);
        assertThat(reading.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        triton.awaitLive(0, PATIENCE);
        assertThat(triton.subscriptions().counts().steps()).isEqualTo(Subscription.WINDOW);
        goOn.countDown();
        assertThat(slow.awaitLast().tokenIds()).containsExactly(tokenIds);
        assertThat(slow.outputs()).hasSizeLessThan(tokenIds.length);
    }

    @Test
    void losesOnlyWhatGathersTooMuch() throws Exception {
        use(SimulatedTriton.builder().maxBacklogTokens(100));
        triton.reply(Reply.generated(1_000));
        var reading = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var slow = new RecordingListener();
        EngineListener acting = before(slow, () -> {
            reading.countDown();
            waitFor(goOn);
        });
        start(request(1_000), acting);
        assertThat(reading.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        triton.awaitLive(0, PATIENCE);
        goOn.countDown();
        assertThat(slow.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        triton.reply(Reply.ofTokens(11));
        assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11);
        assertThat(triton.subscriptions().counts().opened()).isEqualTo(1);
    }

    /** A listener that does something at each output before it passes it on. */
    private static EngineListener before(EngineListener next, Runnable action) {
        return new EngineListener() {
            @Override
            public void onPromptRead(int cachedTokens) {}

            @Override
            public void onOutput(EngineOutput output) {
                action.run();
                next.onOutput(output);
            }

            @Override
            public void onError(GenerationException error) {
                next.onError(error);
            }
        };
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void renewsALongLivedSubscriptionWithoutLosingAStep() throws Exception {
        triton.reply(Reply.ofTokens(11, 12));
        var hanging = new RecordingListener();
        triton.enqueue(Reply.ofTokens(21).with(Fault.hangAfter(1)));
        start(request(), hanging);
        for (int i = 0; i < Subscription.RENEWED_EACH; i++) {
            assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11, 12);
        }
        assertThat(hanging.errors()).isEmpty();
        SubscriptionCounts counts = triton.subscriptions().counts();
        assertThat(counts.opened()).isEqualTo(1);
        assertThat(counts.renewals()).isPositive();
        assertThat(counts.acknowledgements()).isPositive();
    }

    @Test
    void closesWhatIsIdleAndOpensAnother() throws Exception {
        engine.close();
        engine = engine(new SubscriptionSettings(true, SOON));
        start(request()).awaitLast();
        await("none open", counts -> counts.opened() == 1 && counts.open() == 0);
        start(request()).awaitLast();
        await("none open", counts -> counts.opened() == 2 && counts.open() == 0);
        assertThat(triton.counts().cancelled()).isZero();
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
                        new Random(1))) {
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

    @Test
    void speaksToEachModelInItsOwnWay() throws Exception {
        use(SimulatedTriton.builder().parameter("unsupported_inputs", "subscription"));
        triton.reply(Reply.ofTokens(11));
        assertThat(start(request()).awaitLast().tokenIds()).containsExactly(11);
        assertThat(triton.subscriptions().counts().opened()).isZero();
    }

    @Test
    void tellsASilentGenerationFromItsNeighbours() throws Exception {
        engine.close();
        engine = new TritonEngine(
                List.of("in process"),
                TritonEngineContractTest.inProcess(triton),
                new TritonTimeouts(PATIENCE, SOON, PATIENCE, PATIENCE),
                SubscriptionSettings.DEFAULT,
                new Random(1));
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(1)));
        RecordingListener heard = start(request());
        GenerationException error = heard.awaitError();
        assertThat(error.code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
        triton.awaitCancelled(1, PATIENCE);
        assertThat(triton.subscriptions().counts().open()).isEqualTo(1);
    }
}
