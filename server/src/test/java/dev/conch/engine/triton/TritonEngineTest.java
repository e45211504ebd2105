package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.MODEL;
import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.EngineRequests.singleAnswer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.engine.EngineListener;
import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.EngineRequests;
import dev.conch.engine.RecordingListener;
import dev.conch.engine.RunningGeneration;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.script.EngineVariant;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.FinalForm;
import dev.conch.sim.script.Pace;
import dev.conch.sim.script.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only an engine behind Triton does: ends it infers, failures of the wire and of the model, silence, models that change. */
class TritonEngineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(100);

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private SimulatedTriton triton = SimulatedTriton.builder().start();
    private TritonEngine engine = engine(TritonTimeouts.DEFAULT);

    @AfterEach
    void stop() {
        engine.close();
        triton.close();
        loop.shutdownNow();
    }

    private TritonEngine engine(TritonTimeouts timeouts) {
        return engine(timeouts, SubscriptionSettings.OFF);
    }

    private TritonEngine engine(TritonTimeouts timeouts, SubscriptionSettings subscriptions) {
        return new TritonEngine(
                List.of("in process"),
                TritonEngineContractTest.inProcess(triton),
                timeouts,
                subscriptions,
                new Random(1));
    }

    private void use(SimulatedTriton.Builder other) {
        use(other, TritonTimeouts.DEFAULT);
    }

    private void use(SimulatedTriton.Builder other, TritonTimeouts timeouts) {
        engine.close();
        triton.close();
        triton = other.start();
        engine = engine(timeouts);
    }

    private RecordingListener run(GenerationRequest request) throws Exception {
        var heard = new RecordingListener();
        start(request, heard);
        return heard.awaitLast();
    }

    private GenerationException failureOf(GenerationRequest request) throws Exception {
        return run(request).awaitError();
    }

    private RunningGeneration start(GenerationRequest request, EngineListener listener) throws Exception {
        return CompletableFuture.supplyAsync(() -> engine.start(request, listener, loop), loop)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void understandsEveryFormOfTheEnd(FinalForm form) throws Exception {
        for (EngineVariant variant : List.of(EngineVariant.conch(), EngineVariant.tensorRtLlm())) {
            use(SimulatedTriton.builder().variant(variant.withFinalForm(form)));
            triton.reply(Reply.ofTokens(11, 12, 13));
            RecordingListener stopped = run(request(5));
            assertThat(stopped.tokenIds()).containsExactly(11, 12, 13);
            assertThat(stopped.end()).isEqualTo(End.STOP);
            RecordingListener cut = run(request(2));
            assertThat(cut.tokenIds()).containsExactly(11, 12);
            assertThat(cut.end()).isEqualTo(End.LENGTH);
        }
    }

    @Test
    void leavesAFurtherEndTokenInTheOutputAndCallsItAStop() throws Exception {
        use(SimulatedTriton.builder().variant(EngineVariant.tensorRtLlm()));
        triton.reply(Reply.ofTokens(11, 5, 13));
        RecordingListener heard = run(request(64, 2, 5));
        assertThat(heard.tokenIds()).containsExactly(11, 5);
        assertThat(heard.end()).isEqualTo(End.STOP);
    }

    @Test
    void infersTheEndOfTheContext() throws Exception {
        use(SimulatedTriton.builder()
                .variant(EngineVariant.conch().withoutFinishReason())
                .limits(EngineLimits.roomy().withMaxSequenceLength(13)));
        RecordingListener heard = run(request(64));
        assertThat(heard.tokenIds()).hasSize(3);
        assertThat(heard.end()).isEqualTo(End.LENGTH);
    }

    @Test
    void givesASingleAnswerWithoutThePrompt() throws Exception {
        triton.reply(Reply.ofTokens(11, 12, 13));
        assertThat(run(singleAnswer()).outputs()).containsExactly(EngineOutput.last(0, End.STOP, 11, 12, 13));
    }

    @Test
    void takesSeveralTokensInOneResponse() throws Exception {
        triton.reply(Reply.ofTokens(11, 12, 13, 14, 15).withTokensPerResponse(2));
        RecordingListener heard = run(request());
        assertThat(heard.tokenIds()).containsExactly(11, 12, 13, 14, 15);
        assertThat(heard.outputs().getFirst()).isEqualTo(EngineOutput.tokens(0, 11, 12));
    }

    @Test
    void usesTheNamesOfOlderModels() throws Exception {
        use(SimulatedTriton.builder().variant(EngineVariant.tensorRtLlmWithOldNames()));
        run(request(SamplingParams.of(1, 1, 0, 0, 7L)));
        assertThat(triton.lastRequest().inputNames()).contains("random_seed").doesNotContain("seed");
    }

    @Test
    void asksForWhatItReadsAndHalfClosesAtOnce() throws Exception {
        GenerationRequest request = request();
        run(request);
        assertThat(triton.lastRequest().id()).isEqualTo(request.id());
        assertThat(triton.lastRequest().wantsEmptyFinalResponse()).isTrue();
        assertThat(triton.lastRequest().outputNames())
                .containsExactlyInAnyOrder("output_ids", "sequence_length", "finish_reason", "cached_tokens");
    }

    @Test
    void drawsAnotherSeedForEachRequestWithoutOne() throws Exception {
        run(request());
        run(request());
        assertThat(triton.requests())
                .extracting(request -> request.message().getRawInputContentsList())
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void doesNotBelieveBrokenResponses(Corruption corruption) throws Exception {
        triton.reply(Reply.ofTokens(11, 12, 13).with(Fault.corruptAfter(1, corruption)));
        var heard = run(request());
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
        assertThat(heard.tokenIds()).containsExactly(11);
        assertThat(heard.end()).isNull();
    }

    @Test
    void cancelsAStreamThatItDoesNotBelieve() throws Exception {
        use(SimulatedTriton.builder().pace(Pace.manual()));
        triton.reply(Reply.ofTokens(11, 12, 13).with(Fault.corruptAfter(0, Corruption.WRONG_ID)));
        var heard = new RecordingListener();
        start(request(), heard);
        triton.awaitLive(1, PATIENCE);
        triton.step();
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
        triton.awaitCancelled(1, PATIENCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void doesNotTakeACutStreamForAnEnd(int tokens) throws Exception {
        triton.reply(Reply.ofTokens(11, 12, 13).with(Fault.cutAfter(tokens)));
        var heard = run(request());
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
        assertThat(heard.tokenIds()).hasSize(tokens);
        assertThat(heard.end()).isNull();
    }

    @Test
    void tellsALossBeforeTheFirstTokenFromOneAfterIt() throws Exception {
        triton.enqueue(Reply.ofTokens(11).with(Fault.unavailableAfter(0)));
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        triton.enqueue(Reply.ofTokens(11, 12).with(Fault.unavailableAfter(1)));
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
    }

    @Test
    void saysThatTheQueueIsFull() throws Exception {
        triton.enqueue(Reply.ofTokens(11).with(Fault.queueFull()));
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.OVERLOADED);
        triton.enqueue(Reply.ofTokens(11).with(Fault.executorQueueFull(8)));
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void saysThatThePromptIsTooLong() throws Exception {
        use(SimulatedTriton.builder().limits(EngineLimits.roomy().withMaxSequenceLength(8)));
        GenerationException error = failureOf(request());
        assertThat(error.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
        assertThat(error.param()).isEqualTo("messages");
        assertThat(error.clientMessage()).contains("10", "7");
    }

    @Test
    void keepsTheEnginesWordsFromTheClient() throws Exception {
        triton.enqueue(Reply.ofTokens(11).with(Fault.errorAfter(0, "canary in the engine")));
        GenerationException error = failureOf(request());
        assertThat(error.clientMessage()).doesNotContain("canary");
        assertThat(error).hasStackTraceContaining("canary");
    }

    @Test
    void saysThatTheModelIsNotThere() throws Exception {
        use(SimulatedTriton.builder().model("another"));
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
    }

    @Test
    void waitsNoLongerThanAllowedForTheFirstToken() throws Exception {
        use(SimulatedTriton.builder(), new TritonTimeouts(SHORT, LONG, LONG, LONG));
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(0)));
        assertThat(failureOf(request()).code()).isEqualTo(ErrorCode.TIMEOUT);
        triton.awaitCancelled(1, PATIENCE);
    }

    @Test
    void waitsNoLongerThanAllowedForTheNextToken() throws Exception {
        use(SimulatedTriton.builder(), new TritonTimeouts(LONG, SHORT, LONG, LONG));
        triton.reply(Reply.ofTokens(11, 12).with(Fault.hangAfter(1)));
        var heard = run(request());
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
        assertThat(heard.tokenIds()).containsExactly(11);
        triton.awaitCancelled(1, PATIENCE);
    }

    @Test
    void waitsNoLongerThanAllowedForASingleAnswer() throws Exception {
        use(SimulatedTriton.builder(), new TritonTimeouts(LONG, LONG, SHORT, LONG));
        triton.reply(Reply.ofTokens(11).with(Fault.hangAfter(0)));
        assertThat(failureOf(singleAnswer()).code()).isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void waitsForTheChoicesOfASingleAnswerHoweverFarApartTheyAre() throws Exception {
        use(SimulatedTriton.builder(), new TritonTimeouts(LONG, SHORT, LONG, LONG));
        triton.reply(Reply.ofChoices(List.of(List.of(11), List.of(21, 22, 23)))
                .with(Fault.stallAfter(3, SHORT.multipliedBy(3))));
        RecordingListener heard = run(EngineRequests.choices(singleAnswer(), 2)).awaitEnds(2);
        assertThat(heard.errors()).isEmpty();
        assertThat(heard.tokenIds(0)).containsExactly(11);
        assertThat(heard.tokenIds(1)).containsExactly(21, 22, 23);
    }

    @Test
    void reportsAnExceptionOfItsListenerToIt() throws Exception {
        triton.reply(Reply.ofTokens(11, 12).with(Fault.hangAfter(1)));
        var heard = new RecordingListener();
        start(request(), new EngineListener() {
            @Override
            public void onPromptRead(int cachedTokens) {}

            @Override
            public void onOutput(EngineOutput output) {
                throw new IllegalStateException("a bug in the listener");
            }

            @Override
            public void onError(GenerationException error) {
                heard.onError(error);
            }
        });
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
        triton.awaitCancelled(1, PATIENCE);
    }

    @Test
    void isNotReadyWithoutTheModel() throws Exception {
        assertThat(ready(MODEL)).isTrue();
        assertThat(ready("another")).isFalse();
    }

    private boolean ready(String model) throws Exception {
        return Boolean.TRUE.equals(
                engine.ready(model).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void needsAnAddress() {
        ChannelFactory channels = TritonEngineContractTest.inProcess(triton);
        assertThatThrownBy(() -> new TritonEngine(
                        List.of(), channels, TritonTimeouts.DEFAULT, SubscriptionSettings.DEFAULT, new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("addresses");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void needsPositiveTimeouts(long millis) {
        var none = Duration.ofMillis(millis);
        assertThatThrownBy(() -> new TritonTimeouts(none, LONG, LONG, LONG)).hasMessageContaining("firstToken");
        assertThatThrownBy(() -> new TritonTimeouts(LONG, none, LONG, LONG)).hasMessageContaining("streamIdle");
        assertThatThrownBy(() -> new TritonTimeouts(LONG, LONG, none, LONG)).hasMessageContaining("singleAnswer");
        assertThatThrownBy(() -> new TritonTimeouts(LONG, LONG, LONG, none)).hasMessageContaining("question");
    }
}
