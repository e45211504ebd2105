package dev.conch.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.loadtest.Answer.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StreamRecorderTest {
    private static final String ROLE =
            "{\"data\":{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}}";
    private static final String END =
            "{\"data\":{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}}";
    private static final String USAGE =
            "{\"data\":{\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":4,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":5}}}}";
    private static final String DONE = "{\"data\":\"[DONE]\"}";

    private final StreamRecorder recorder = new StreamRecorder(100, 2);

    private static String text(String text) {
        return "{\"data\":{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}}";
    }

    @Test
    void onlyEventsWithTextAreTokens() {
        recorder.accept(ROLE, 110);
        recorder.accept(text("a"), 150);
        recorder.accept(text("\\\""), 150);
        recorder.accept(text("[DONE]"), 175);
        recorder.accept(END, 190);
        recorder.accept(USAGE, 195);
        assertThat(recorder.isOpen()).isTrue();
        assertThat(recorder.accept(DONE, 200)).isTrue();
        assertThat(recorder.isOpen()).isFalse();
        Answer answer = recorder.answer(false);
        assertThat(answer).isEqualTo(new Answer(2, Outcome.COMPLETE, 50, new long[] {0, 25}, 7, 4, 5));
        // Four tokens came in three events: three of them within 25 ns.
        assertThat(answer.meanGapNanos()).isEqualTo(25 / 3);
    }

    @Test
    void reasoningAndCallsAreTokens() {
        recorder.accept("{\"data\":{\"choices\":[{\"delta\":{\"reasoning_content\":\"h\"}}]}}", 130);
        recorder.accept(
                "{\"data\":{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":\"{\"}}]}}]}}", 140);
        assertThat(recorder.answer(false).ttftNanos()).isEqualTo(30);
        assertThat(recorder.answer(false).gapNanos()).containsExactly(10);
    }

    @Test
    void anErrorEventEndsIt() {
        recorder.accept(text("a"), 150);
        assertThat(recorder.accept("{\"data\":{\"error\":{\"message\":\"m\",\"type\":\"t\"}}}", 160))
                .isTrue();
        assertThat(recorder.answer(false).outcome()).isEqualTo(Outcome.ERROR_EVENT);
    }

    @Test
    void howItEnded() {
        assertThat(recorder.answer(false).outcome()).isEqualTo(Outcome.NOT_BEGUN);
        assertThat(recorder.answer(true).outcome()).isEqualTo(Outcome.TIMED_OUT);
        recorder.accept(text("a"), 150);
        assertThat(recorder.answer(false).outcome()).isEqualTo(Outcome.CUT);
        recorder.accept(DONE, 160);
        assertThat(recorder.answer(false).outcome()).isEqualTo(Outcome.NO_USAGE);
        assertThat(recorder.isOver(160, Duration.ofNanos(60))).isTrue();
        assertThat(recorder.isOver(159, Duration.ofNanos(60))).isFalse();
    }
}
