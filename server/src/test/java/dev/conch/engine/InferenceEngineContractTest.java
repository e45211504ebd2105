package dev.conch.engine;

import static dev.conch.engine.ActingListener.before;
import static dev.conch.engine.EngineRequests.MODEL;
import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.logprobs;
import static dev.conch.engine.EngineRequests.request;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput.End;
import dev.conch.generation.EngineFeature;
import dev.conch.generation.ErrorCode.Category;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link InferenceEngine} promises. A subclass brings the engine, the loop on which it is used, and the means to say what
 * the model behind it does next.
 */
public abstract class InferenceEngineContractTest {
    private static final int PATIENCE_SECONDS = 20;

    protected abstract InferenceEngine engine();

    /** The single-threaded executor on which requests live. */
    protected abstract Executor loop();

    /** The next generation gets these tokens one by one, then the model's end. */
    protected abstract void nextSays(int... tokenIds);

    /** The next generation gets these tokens one by one, one list to each of its choices, and each choice the model's end. */
    protected abstract void nextSaysChoices(List<List<Integer>> tokenIds);

    /** All choices of the next generation get these tokens one by one, then nothing more. */
    protected abstract void nextChoicesHangAfter(int choices, int... tokenIds);

    /** One choice of the next generation gets this token and then fails, the others get it and nothing more. */
    protected abstract void nextChoicesFailAfter(int choices, int tokenId);

    /** The next generation gets these tokens and had so much of its prompt before. */
    protected abstract void nextHadCached(int cachedTokens, int... tokenIds);

    /** The next generation gets these tokens with the logprobs that {@link #logprobOf} says, and with so many alternatives. */
    protected abstract void nextSaysWithLogprobs(int alternatives, int... tokenIds);

    /** How likely this model holds a token that it says. */
    protected abstract float logprobOf(int tokenId);

    /** How many cancels the model sees when a generation of several choices is cancelled. */
    protected abstract int cancelsOf(int choices);

    /** The next generation gets these tokens one by one, then fails. */
    protected abstract void nextFailsAfter(int... tokenIds);

    /** The next generation gets these tokens one by one, then nothing more. */
    protected abstract void nextHangsAfter(int... tokenIds);

    /** Waits until the model has seen so many cancels in all. */
    protected abstract void awaitCancels(int count) throws Exception;

    /** Generations that the model has seen cancelled. */
    protected abstract int cancels();

    /** From now on the model is ready, or is not. */
    protected abstract void setReady(boolean ready);

    /** Starts a generation on the loop, as the pipeline does. */
    protected final RunningGeneration start(GenerationRequest request, EngineListener listener) throws Exception {
        return onLoop(() -> engine().start(request, listener, loop()));
    }

    private <T> T onLoop(Supplier<T> work) throws Exception {
        return CompletableFuture.supplyAsync(work, loop()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Lets everything run that waits on the loop. */
    protected final void settle() throws Exception {
        onLoop(() -> true);
    }

    @Test
    void passesOnAllTokensInOrderAndThenTheEnd() throws Exception {
        nextSays(11, 12, 13);
        var heard = new RecordingListener();
        start(request(), heard);
        heard.awaitLast();
        assertThat(heard.tokenIds()).containsExactly(11, 12, 13);
        assertThat(heard.end()).isEqualTo(End.STOP);
        assertThat(heard.outputs()).filteredOn(output -> output.end() != null).hasSize(1);
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void endsAnAnswerWithoutTokens() throws Exception {
        nextSays();
        var heard = new RecordingListener();
        start(request(), heard);
        assertThat(heard.awaitLast().tokenIds()).isEmpty();
        assertThat(heard.end()).isEqualTo(End.STOP);
    }

    @Test
    void reportsAFailureBeforeTheFirstToken() throws Exception {
        nextFailsAfter();
        var heard = new RecordingListener();
        start(request(), heard);
        assertThat(heard.awaitError().code().category()).isNotEqualTo(Category.USER);
        settle();
        assertThat(heard.outputs()).isEmpty();
        assertThat(heard.errors()).hasSize(1);
    }

    @Test
    void reportsAFailureAfterTokensAndThenNothing() throws Exception {
        nextFailsAfter(11, 12);
        var heard = new RecordingListener();
        start(request(), heard);
        assertThat(heard.awaitError().code().category()).isNotEqualTo(Category.USER);
        settle();
        assertThat(heard.tokenIds()).containsExactly(11, 12);
        assertThat(heard.end()).isNull();
        assertThat(heard.errors()).hasSize(1);
    }

    @Test
    void cancelsBeforeTheFirstToken() throws Exception {
        nextHangsAfter();
        var heard = new RecordingListener();
        RunningGeneration generation = start(request(), heard);
        awaitHanging();
        generation.cancel();
        awaitCancels(1);
        settle();
        assertThat(heard.outputs()).isEmpty();
        assertThat(heard.errors()).isEmpty();
    }

    /** Waits until a generation that says nothing has reached the model. */
    protected abstract void awaitHanging() throws Exception;

    @Test
    void cancelsBeforeAnythingWasSent() throws Exception {
        nextSays(11);
        var heard = new RecordingListener();
        onLoop(() -> {
            engine().start(request(), heard, loop()).cancel();
            return true;
        });
        nextSays(12);
        var next = new RecordingListener();
        start(request(), next);
        next.awaitLast();
        settle();
        assertThat(heard.outputs()).isEmpty();
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void cancelsInTheMiddleFromAnyThread() throws Exception {
        nextHangsAfter(11, 12);
        var heard = new RecordingListener();
        RunningGeneration generation = start(request(), heard);
        heard.awaitTokens(2);
        generation.cancel();
        awaitCancels(1);
        settle();
        assertThat(heard.tokenIds()).containsExactly(11, 12);
        assertThat(heard.end()).isNull();
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void cancelsFromWithinTheListener() throws Exception {
        nextSays(11, 12, 13);
        var heard = new RecordingListener();
        var generation = new CompletableFuture<RunningGeneration>();
        generation.complete(start(
                request(),
                before(
                        heard,
                        () -> generation.thenAccept(RunningGeneration::cancel).join())));
        heard.awaitTokens(1);
        settle();
        assertThat(heard.outputs()).hasSize(1);
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void cancelsOnlyOnce() throws Exception {
        nextHangsAfter(11);
        var heard = new RecordingListener();
        RunningGeneration generation = start(request(), heard);
        heard.awaitTokens(1);
        generation.cancel();
        generation.cancel();
        awaitCancels(1);
        generation.cancel();
        settle();
        assertThat(cancels()).isEqualTo(1);
    }

    @Test
    void ignoresACancelAfterTheEnd() throws Exception {
        nextSays(11);
        var heard = new RecordingListener();
        RunningGeneration generation = start(request(), heard);
        heard.awaitLast();
        generation.cancel();
        settle();
        assertThat(heard.end()).isEqualTo(End.STOP);
        assertThat(heard.errors()).isEmpty();
        assertThat(cancels()).isZero();
    }

    @Test
    void losesNothingToASlowReader() throws Exception {
        int[] tokenIds = IntStream.range(1_000, 1_500).toArray();
        nextSays(tokenIds);
        var heard = new RecordingListener();
        var pause = new Pause();
        start(request(1_000), before(heard, pause::hold));
        pause.awaitBegin();
        pause.end();
        assertThat(heard.awaitLast().tokenIds()).containsExactly(tokenIds);
        assertThat(heard.end()).isEqualTo(End.STOP);
    }

    @Test
    void callsTheListenerOnItsLoopOnly() throws Exception {
        nextSays(11, 12);
        nextFailsAfter(13);
        Thread loopThread = onLoop(Thread::currentThread);
        for (int i = 0; i < 2; i++) {
            var heard = new RecordingListener();
            start(request(), heard);
            heard.awaitLast();
            assertThat(heard.threads()).containsOnly(loopThread);
        }
    }

    @Test
    void callsTheListenerOnlyAfterStartHasReturned() throws Exception {
        nextSays(11);
        var returned = new AtomicBoolean();
        var early = new AtomicBoolean();
        var heard = new RecordingListener();
        onLoop(() -> {
            engine().start(request(), before(heard, () -> early.compareAndSet(false, !returned.get())), loop());
            returned.set(true);
            return true;
        });
        heard.awaitLast();
        assertThat(early).isFalse();
    }

    @Test
    void passesOnTheTokensOfEachChoiceInOrderAndThenItsEnd() throws Exception {
        nextSaysChoices(List.of(List.of(11, 12, 13), List.of(21), List.of(31, 32)));
        var heard = new RecordingListener();
        start(choices(request(), 3), heard);
        heard.awaitEnds(3);
        settle();
        assertThat(heard.tokenIds(0)).containsExactly(11, 12, 13);
        assertThat(heard.tokenIds(1)).containsExactly(21);
        assertThat(heard.tokenIds(2)).containsExactly(31, 32);
        for (int choice = 0; choice < 3; choice++) {
            assertThat(heard.ends(choice)).containsExactly(End.STOP);
        }
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void cancelsAllChoicesAtOnce() throws Exception {
        nextChoicesHangAfter(2, 11);
        var heard = new RecordingListener();
        RunningGeneration generation = start(choices(request(), 2), heard);
        heard.awaitTokens(0, 1).awaitTokens(1, 1);
        generation.cancel();
        awaitCancels(cancelsOf(2));
        settle();
        assertThat(heard.outputs()).hasSize(2);
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void failsAllChoicesTogetherAndOnce() throws Exception {
        nextChoicesFailAfter(3, 11);
        var heard = new RecordingListener();
        start(choices(request(), 3), heard);
        assertThat(heard.awaitError().code().category()).isNotEqualTo(Category.USER);
        settle();
        assertThat(heard.errors()).hasSize(1);
        assertThat(heard.outputs()).allMatch(output -> output.end() == null);
    }

    @Test
    void tellsOnceAndFirstHowMuchOfThePromptWasThere() throws Exception {
        nextHadCached(7, 11, 12);
        var heard = new RecordingListener();
        start(request(), heard);
        heard.awaitLast();
        assertThat(heard.cachedTokens()).containsExactly(7);
        assertThat(heard.promptReadLate()).isFalse();
        assertThat(heard.tokenIds()).containsExactly(11, 12);
    }

    @Test
    void tellsOneLogprobForEachToken() throws Exception {
        nextSaysWithLogprobs(2, 11, 12, 13);
        var heard = new RecordingListener();
        start(logprobs(request(), 2), heard);
        heard.awaitLast();
        assertThat(heard.logprobs()).extracting(TokenLogprob::tokenId).containsExactly(11, 12, 13);
        assertThat(heard.logprobs())
                .extracting(TokenLogprob::logprob)
                .containsExactly(logprobOf(11), logprobOf(12), logprobOf(13));
        assertThat(heard.logprobs())
                .allSatisfy(logprob -> assertThat(logprob.alternatives()).hasSize(2));
    }

    @Test
    void tellsNoLogprobsUnasked() throws Exception {
        nextSays(11, 12);
        var heard = new RecordingListener();
        start(request(), heard);
        heard.awaitLast();
        assertThat(heard.logprobs()).isEmpty();
    }

    @Test
    void keepsGenerationsApart() throws Exception {
        int generations = 20;
        List<RecordingListener> all = new ArrayList<>();
        for (int i = 0; i < generations; i++) {
            nextSays(100 + i, 200 + i, 300 + i);
            var heard = new RecordingListener();
            all.add(heard);
            start(request(), heard);
        }
        for (RecordingListener heard : all) {
            int[] ids = heard.awaitLast().tokenIds();
            assertThat(ids).hasSize(3);
            assertThat(ids[1]).isEqualTo(ids[0] + 100);
            assertThat(ids[2]).isEqualTo(ids[0] + 200);
        }
        assertThat(all.stream().map(heard -> heard.tokenIds()[0])).doesNotHaveDuplicates();
    }

    @Test
    void saysWhatTheModelCanDo() throws Exception {
        EngineCapabilities capabilities =
                engine().capabilities(MODEL).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(requireNonNull(capabilities).features()).contains(EngineFeature.TEMPERATURE, EngineFeature.LOGPROBS);
        assertThat(capabilities.vocabSize()).isPositive();
        assertThat(capabilities.maxSequenceLength()).isPositive();
    }

    @Test
    void saysWhetherTheModelIsReady() throws Exception {
        assertThat(ready()).isTrue();
        setReady(false);
        assertThat(ready()).isFalse();
        setReady(true);
        assertThat(ready()).isTrue();
    }

    private boolean ready() throws Exception {
        Boolean ready = engine().ready(MODEL).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return requireNonNull(ready);
    }
}
