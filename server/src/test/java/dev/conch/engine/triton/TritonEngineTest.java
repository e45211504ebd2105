package dev.conch.engine.triton;

import static dev.conch.engine.EngineRequests.MODEL;
import static dev.conch.engine.EngineRequests.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.engine.EngineOutput.End;
import dev.conch.engine.RecordingListener;
import dev.conch.generation.ErrorCode;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only an engine behind Triton does, on streams of their own: ends it infers, older models, streams that it does not believe. */
class TritonEngineTest extends SimulatedEngineTest {

    TritonEngineTest() {
        super(SubscriptionSettings.OFF);
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
                        List.of(),
                        channels,
                        TritonTimeouts.DEFAULT,
                        SubscriptionSettings.DEFAULT,
                        new Random(1),
                        RouteWatch.NONE))
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
