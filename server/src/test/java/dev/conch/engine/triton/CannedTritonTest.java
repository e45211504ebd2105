package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.MODEL;
import static dev.conch.engine.EngineRequests.choices;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import dev.conch.generation.StopConditions;
import dev.conch.proto.inference.InferParameter;
import dev.conch.proto.inference.ModelStreamInferResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that no Triton should send, and models that are not what they should be. */
class CannedTritonTest {
    private final ModelDescriptions model = new ModelDescriptions();
    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final List<ModelStreamInferResponse> answer = new ArrayList<>();
    private final CannedTriton triton = new CannedTriton(model, request -> answer(request.getId()));
    private final AtomicInteger requests = new AtomicInteger(1);
    /** What the first request after a reset of the count is answered with. */
    private List<ModelStreamInferResponse> first = List.of();

    private TritonEngine engine = engine(TritonTimeouts.DEFAULT);

    CannedTritonTest() throws Exception {}

    private TritonEngine engine(TritonTimeouts timeouts) {
        return new TritonEngine(
                List.of("canned"),
                (_, _) -> triton.channel(),
                timeouts,
                SubscriptionSettings.DEFAULT,
                new Random(1),
                RouteWatch.NONE);
    }

    @AfterEach
    void stop() {
        engine.close();
        triton.close();
        loop.shutdownNow();
    }

    private List<ModelStreamInferResponse> answer(String id) {
        return (requests.getAndIncrement() == 0 ? first : answer)
                .stream().map(each -> addressed(each, id)).toList();
    }

    private static ModelStreamInferResponse addressed(ModelStreamInferResponse message, String id) {
        return message.hasInferResponse()
                ? message.toBuilder()
                        .setInferResponse(message.getInferResponse().toBuilder().setId(id))
                        .build()
                : message;
    }

    private static ModelStreamInferResponse last(ModelStreamInferResponse message) {
        var parameter = InferParameter.newBuilder().setBoolParam(true).build();
        var response = message.getInferResponse().toBuilder().putParameters("triton_final_response", parameter);
        return message.toBuilder().setInferResponse(response).build();
    }

    private RecordingListener start(SamplingParams sampling) {
        var heard = new RecordingListener();
        loop.execute(() -> engine.start(request(sampling), heard, loop));
        return heard;
    }

    private RecordingListener run() throws Exception {
        return start(SamplingParams.DEFAULT).awaitLast();
    }

    /** From here on the engine waits only briefly for the end of a stream that has begun. */
    private void impatient() throws Exception {
        engine.close();
        var patient = Duration.ofMinutes(10);
        engine = engine(new TritonTimeouts(patient, Duration.ofMillis(100), patient, patient));
    }

    private boolean sawCancel() throws InterruptedException {
        return triton.cancelled().await(20, TimeUnit.SECONDS);
    }

    /** Not one request may wait for ever because this side of the wire has a bug. */
    @Test
    void endsAGenerationThatCannotBeSaidInTensors() throws Exception {
        engine.close();
        engine = new TritonEngine(
                List.of("canned"),
                (_, _) -> triton.channel(),
                TritonTimeouts.DEFAULT,
                SubscriptionSettings.DEFAULT,
                () -> {
                    throw new IllegalStateException("no seeds left");
                },
                RouteWatch.NONE);
        assertThat(run().awaitError()).satisfies(CannedTritonTest::isAnInternalErrorWithItsCause);
    }

    @Test
    void endsAGenerationThatCannotBeSplitIntoItsChoices() throws Exception {
        engine.close();
        model.without("num_return_sequences");
        engine = new TritonEngine(
                List.of("canned"),
                (_, _) -> triton.channel(),
                TritonTimeouts.DEFAULT,
                SubscriptionSettings.DEFAULT,
                () -> {
                    throw new IllegalStateException("no seeds left");
                },
                RouteWatch.NONE);
        var heard = new RecordingListener();
        loop.execute(() -> engine.start(choices(request(), 2), heard, loop));
        assertThat(heard.awaitLast().awaitError()).satisfies(CannedTritonTest::isAnInternalErrorWithItsCause);
    }

    private static void isAnInternalErrorWithItsCause(GenerationException error) {
        assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
        assertThat(error.getCause()).hasMessage("no seeds left");
    }

    @Test
    void cancelsAStreamThatGoesOnAfterItsEnd() throws Exception {
        answer.add(RandomResponses.tokens(11));
        answer.add(last(RandomResponses.tokens(12)));
        answer.add(RandomResponses.tokens(13));
        RecordingListener heard = run();
        assertThat(sawCancel()).isTrue();
        assertThat(heard.outputs()).containsExactly(EngineOutput.tokens(0, 11), EngineOutput.last(0, End.STOP, 12));
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void closesAStreamThatItsServerLeavesOpen() throws Exception {
        impatient();
        answer.add(last(RandomResponses.tokens(11)));
        RecordingListener heard = run();
        assertThat(sawCancel()).isTrue();
        assertThat(heard.end()).isEqualTo(End.STOP);
        assertThat(heard.errors()).isEmpty();
    }

    @Test
    void takesAnErrorThatNamesNoRequestForItsOwn() throws Exception {
        answer.add(ModelStreamInferResponse.newBuilder()
                .setErrorMessage("GRPC server is shutting down and has stopped accepting new requests.")
                .build());
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
    }

    /** Triton never lets go of a request whose cancellation crosses its end, and cannot unload the model then. */
    @Test
    void doesNotCancelWhatTheEngineHasEndedByItself() throws Exception {
        answer.add(failure());
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(triton.cancelled().getCount()).isEqualTo(1);
    }

    @Test
    void closesAStreamThatItsServerLeavesOpenAfterAnError() throws Exception {
        impatient();
        answer.add(failure());
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(sawCancel()).isTrue();
    }

    @Test
    void hearsNothingAfterAnError() throws Exception {
        answer.add(failure());
        answer.add(RandomResponses.tokens(11));
        answer.add(last(RandomResponses.tokens(12)));
        RecordingListener heard = run();
        heard.awaitError();
        loop.submit(() -> {}).get();
        assertThat(heard.outputs()).isEmpty();
        assertThat(heard.errors()).hasSize(1);
    }

    private static ModelStreamInferResponse failure() {
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage("Maximum queue size of 1 has been reached, please try again later")
                .build();
    }

    /** Nobody here asked for that: the engine gave the request up. */
    @Test
    void isInterruptedByACancelOfTheEnginesOwn() throws Exception {
        answer.add(RandomResponses.tokens(11));
        answer.add(last(RandomResponses.ended(RandomResponses.tokens(), "cancelled")));
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.UPSTREAM_INTERRUPTED);
        assertThat(triton.cancelled().getCount()).isEqualTo(1);
    }

    @Test
    void endsAllChoicesIfTheEngineCancelsOne() throws Exception {
        answer.add(RandomResponses.ended(RandomResponses.tokens(), "cancelled"));
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.NO_HEALTHY_BACKEND);
        assertThat(sawCancel()).isTrue();
    }

    @Test
    void asksAnotherReplicaIfTheEngineCancelsBeforeTheFirstToken() throws Exception {
        engine.close();
        engine = new TritonEngine(
                List.of("one", "other"),
                (_, _) -> triton.channel(),
                TritonTimeouts.DEFAULT,
                SubscriptionSettings.DEFAULT,
                new Random(1),
                RouteWatch.NONE);
        requests.set(0);
        first = List.of(last(RandomResponses.ended(RandomResponses.tokens(), "cancelled")));
        answer.add(last(RandomResponses.tokens(11)));
        RecordingListener heard = run();
        assertThat(heard.errors()).isEmpty();
        assertThat(heard.tokenIds()).containsExactly(11);
    }

    @ParameterizedTest
    @MethodSource("bans")
    void tellsTheClientWhichOfItsWishesLeavesNoToken(GenerationRequest request, String param) throws Exception {
        model.withParameter("vocab_size", "100");
        answer.add(ModelStreamInferResponse.newBuilder()
                .setErrorMessage("The engine failed on this request: every token is banned")
                .build());
        var heard = new RecordingListener();
        loop.execute(() -> engine.start(request, heard, loop));
        GenerationException error = heard.awaitError();
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_VALUE);
        assertThat(error.param()).isEqualTo(param);
        assertThat(error.clientMessage()).isEqualTo("Invalid '" + param + "': it leaves no token to choose from.");
    }

    static List<Arguments> bans() {
        StopConditions stop = StopConditions.of(64, List.of(2), List.of());
        var fewTokens = new StopConditions(64, 3, List.of(2), List.of(), List.of(), false);
        return List.of(
                Arguments.of(
                        request(banning(Map.of(1, 1f), List.of(2), List.of(List.of(3))), stop), "allowed_token_ids"),
                Arguments.of(request(banning(Map.of(1, -100f), List.of(), List.of(List.of(3))), stop), "logit_bias"),
                Arguments.of(request(banning(Map.of(), List.of(), List.of(List.of(3))), fewTokens), "bad_words"),
                Arguments.of(request(SamplingParams.DEFAULT, fewTokens), "min_tokens"));
    }

    private static SamplingParams banning(
            Map<Integer, Float> logitBias, List<Integer> allowed, List<List<Integer>> badWords) {
        return new SamplingParams(1, 1, 0, 0, 0, 0, 1, 0, logitBias, allowed, badWords, null);
    }

    /** A request that bans nothing cannot be the reason. */
    @Test
    void doesNotBlameARequestThatBansNothing() throws Exception {
        answer.add(ModelStreamInferResponse.newBuilder()
                .setErrorMessage("The engine failed on this request: every token is banned")
                .build());
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
    }

    @Test
    void refusesMoreTokensThanWereAskedFor() throws Exception {
        answer.add(RandomResponses.tokens(new int[65]));
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
        assertThat(sawCancel()).isTrue();
    }

    @Test
    void refusesIdsThatTheVocabularyDoesNotHave() throws Exception {
        model.withParameter("vocab_size", "100");
        answer.add(RandomResponses.tokens(100));
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
    }

    @Test
    void refusesAModelThatCannotStream() throws Exception {
        model.decoupled(false);
        assertThat(run().awaitError().code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE);
    }

    @Test
    void refusesByNameWhatTheModelLacks() throws Exception {
        model.without("seed");
        var error = start(SamplingParams.of(1, 1, 0, 0, 7L)).awaitError();
        assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
        assertThat(error.param()).isEqualTo("seed");
    }

    @Test
    void asksOnceWhatAModelCanDo() throws Exception {
        answer.add(last(RandomResponses.tokens(11)));
        for (int i = 0; i < 5; i++) {
            assertThat(run().errors()).isEmpty();
        }
        assertThat(triton.questions()).isEqualTo(1);
    }

    @Test
    void asksAgainAfterAFailure() throws Exception {
        model.decoupled(false);
        assertThat(run().errors()).hasSize(1);
        model.decoupled(true);
        answer.add(RandomResponses.tokens(-1));
        assertThat(run().errors()).hasSize(1);
        answer.clear();
        answer.add(last(RandomResponses.tokens(11)));
        assertThat(run().errors()).isEmpty();
        assertThat(triton.questions()).isEqualTo(3);
    }

    @Test
    void asksAgainWhenTheModelWasNotReady() throws Exception {
        answer.add(last(RandomResponses.tokens(11)));
        assertThat(run().errors()).isEmpty();
        // This server does not implement readiness at all.
        assertThat(engine.ready(MODEL).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isFalse();
        assertThat(run().errors()).isEmpty();
        assertThat(triton.questions()).isEqualTo(2);
    }
}
