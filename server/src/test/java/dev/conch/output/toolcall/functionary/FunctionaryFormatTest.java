package dev.conch.output.toolcall.functionary;

import static dev.conch.output.toolcall.functionary.FunctionaryFormat.V32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.PlainText;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.Offered;
import dev.conch.output.toolcall.Piece;
import dev.conch.output.toolcall.PieceRecorder;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionaryFormatTest {
    private static final String PROMPT = ">>>";
    private static final OutputConstraint FRAMED = new Sequence(List.of(new Literal("all\n"), new AnyJson()));

    @Test
    void oneParserReadsAll() {
        AnswerParser calls = V32.newParser(Offered.FUNCTIONS);
        assertThat(V32.newParser(PROMPT, calls)).isSameAs(calls);
    }

    @Test
    void leavesOutForWhomAnAnswerIsWithoutToolsToo() {
        AnswerParser parser = V32.newParser(PROMPT, new PlainText());
        assertThat(pieces(parser, "all\nSo")).containsExactly(Piece.text("So"));
    }

    @Test
    void leavesWhatIsTextToAnotherDialect() {
        AnswerParser calls = ToolFormats.byName("hermes").newParser(Offered.FUNCTIONS);
        assertThat(pieces(
                        V32.newParser(PROMPT, calls),
                        "all\n<tool_call>{\"name\": \"now\", \"arguments\": {}}</tool_call>"))
                .containsExactly(Piece.call("now", "{}"));
    }

    @Test
    void aContinuedMessageGoesOnAsText() {
        String begun = ">>>all\nIt is";
        assertThat(pieces(V32.newParser(begun, V32.newParser(Offered.FUNCTIONS)), "now\n{}>>>now\n{}"))
                .containsExactly(Piece.text("now\n{}"), Piece.call("now", "{}"));
        assertThat(pieces(V32.newParser(begun, new PlainText()), "all\nSo")).containsExactly(Piece.text("all\nSo"));
    }

    @Test
    void aContinuedMessageIsHeldToWhatWasAskedAloneOrLeftForACall() {
        String begun = ">>>all\n{\"a";
        assertThat(V32.constraint(begun, new AnyJson())).isEqualTo(new AnyJson());
        OutputConstraint calls = V32.constraint(Offered.FUNCTIONS, new CallRule(true, true));
        OutputConstraint marked = new Sequence(List.of(new Literal(">>>"), calls));
        assertThat(V32.constraint(begun, new OneOf(List.of(new AnyJson(), calls))))
                .isEqualTo(new OneOf(List.of(new AnyJson(), marked)));
        assertThat(V32.constraint(begun, V32.constraint(Offered.FUNCTIONS, new CallRule(false, true))))
                .isInstanceOfSatisfying(
                        OneOf.class,
                        free -> assertThat(free.alternatives())
                                .satisfiesExactly(
                                        first -> assertThat(first).isEqualTo(marked),
                                        text -> assertThat(text).isInstanceOf(TriggeredTags.class)));
    }

    private static List<Piece> pieces(AnswerParser parser, String answer) {
        PieceRecorder recorder = new PieceRecorder();
        parser.accept(answer, recorder);
        parser.finish(recorder);
        return recorder.finished();
    }

    @Test
    void saysForWhomAnAnswerIsThatIsHeldToSomething() {
        assertThat(V32.constraint(PROMPT, new AnyJson())).isEqualTo(FRAMED);
    }

    @Test
    void leavesCallsAsTheyAre() {
        OutputConstraint calls = V32.constraint(Offered.FUNCTIONS, new CallRule(true, true));
        assertThat(V32.constraint(PROMPT, calls)).isSameAs(calls);
        assertThat(V32.constraint(PROMPT, new OneOf(List.of(new AnyJson(), calls))))
                .isEqualTo(new OneOf(List.of(FRAMED, calls)));
        OutputConstraint free = V32.constraint(Offered.FUNCTIONS, new CallRule(false, true));
        assertThat(V32.constraint(PROMPT, free)).isEqualTo(free);
    }
}
