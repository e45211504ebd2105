package dev.conch.engine.triton;

import static dev.conch.engine.ActingListener.before;
import static dev.conch.engine.EngineRequests.request;
import static dev.conch.engine.EngineRequests.singleAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineOutput;
import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.EngineRequests;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.sim.SimulatedTriton;
import dev.conch.sim.engine.EngineLimits;
import dev.conch.sim.script.Corruption;
import dev.conch.sim.script.Fault;
import dev.conch.sim.script.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of faults of the wire and of the model, by whichever way requests go; a subclass says which. */
abstract class FaultContractTest extends SimulatedEngineTest {

    FaultContractTest(SubscriptionSettings subscriptions) {
        super(subscriptions);
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
        start(request(), before(heard, () -> {
            throw new IllegalStateException("a bug in the listener");
        }));
        assertThat(heard.awaitError().code()).isEqualTo(ErrorCode.INTERNAL_ERROR);
        triton.awaitCancelled(1, PATIENCE);
    }
}
