package dev.conch.output.toolcall.harmony;

import static dev.conch.output.toolcall.harmony.HarmonyFormat.HARMONY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.Offered;
import dev.conch.output.toolcall.PieceRecorder;
import org.junit.jupiter.api.Test;

class HarmonyFormatTest {
    private static final String PROMPT = "<|start|>assistant";

    @Test
    void oneParserTellsReasoningAndCalls() {
        AnswerParser calls = HARMONY.newParser(Offered.FUNCTIONS);
        assertThat(HARMONY.newParser(PROMPT, calls)).isSameAs(calls);
    }

    @Test
    void givesTheTextOfTheAnswerToAnotherParser() {
        StringBuilder answer = new StringBuilder();
        AnswerParser parser = HARMONY.newParser(PROMPT, new AnswerParser() {
            @Override
            public void accept(String text, AnswerSink sink) {
                answer.append(text);
            }

            @Override
            public void finish(AnswerSink sink) {
                answer.append('.');
            }
        });
        PieceRecorder recorder = new PieceRecorder();
        parser.accept(
                "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>So", recorder);
        parser.finish(recorder);
        assertThat(answer).hasToString("So.");
    }

    @Test
    void putsAnAnswerThatIsNoCallIntoTheFinalChannel() {
        OutputConstraint answer = HARMONY.constraint(PROMPT, new AnyJson());
        assertThat(((Sequence) answer).parts())
                .last()
                .isEqualTo(new Tag("<|channel|>final<|message|>", new AnyJson(), ""));
    }

    @Test
    void leavesCallsInTheirChannel() {
        OutputConstraint calls = HARMONY.constraint(Offered.FUNCTIONS, new CallRule(true, true));
        assertThat(((Sequence) HARMONY.constraint(PROMPT, calls)).parts())
                .last()
                .isSameAs(calls);
    }
}
