package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.output.parser.AnswerParser;
import dev.conch.output.parser.AnswerSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The parser here reads one letter at a time: what a piece is, is told by its first character. */
class ChoiceEventsTest {
    private final List<OutputEvent> told = new ArrayList<>();
    private int ids;

    @Test
    void joinsPiecesOfOneKind() {
        ChoiceEvents events = events(9);
        tokens(events, "?a", "?b", "-", "c", "d");
        events.flush(Tokens.NONE);
        assertThat(told).containsExactly(new ReasoningDelta(3, "ab", Tokens.NONE), new TextDelta(3, "cd", Tokens.NONE));
    }

    @Test
    void aCallThatIsCompleteEndsTheChoiceAsOne() {
        ChoiceEvents events = events(9);
        tokens(events, "(f", "=1", "=2", ")", "(g", ")");
        events.finish("", Tokens.NONE, FinishReason.STOP, 6);
        assertThat(told)
                .containsExactly(
                        new ToolCallStarted(3, 0, "id0", "f", Tokens.NONE),
                        new ToolCallArguments(3, 0, "12", Tokens.NONE),
                        new ToolCallStarted(3, 1, "id1", "g", Tokens.NONE),
                        new Finished(3, FinishReason.TOOL_CALLS, 6, 0, Tokens.NONE));
    }

    @Test
    void aCallThatIsCutShortDoesNot() {
        ChoiceEvents cut = events(9);
        tokens(cut, "(f", "=1");
        cut.finish("", Tokens.NONE, FinishReason.LENGTH, 2);
        assertThat(told.getLast()).isEqualTo(new Finished(3, FinishReason.LENGTH, 2, 0, Tokens.NONE));
    }

    @Test
    void aCallThatIsNotWellFormedEndsLikeText() {
        ChoiceEvents broken = events(9);
        tokens(broken, "(f", "=1", "!", "(g", ")");
        broken.finish("", Tokens.NONE, FinishReason.STOP, 5);
        assertThat(told.getLast()).isEqualTo(new Finished(3, FinishReason.STOP, 5, 0, Tokens.NONE));
    }

    @Test
    void leavesOutCallsThatAreTooMany() {
        ChoiceEvents events = events(1);
        tokens(events, "(f", "=1", ")", "(g", "=2", "!", "x");
        events.finish("", Tokens.NONE, FinishReason.STOP, 7);
        assertThat(told)
                .containsExactly(
                        new ToolCallStarted(3, 0, "id0", "f", Tokens.NONE),
                        new ToolCallArguments(3, 0, "1", Tokens.NONE),
                        new TextDelta(3, "x", Tokens.NONE),
                        new Finished(3, FinishReason.TOOL_CALLS, 7, 0, Tokens.NONE));
    }

    @Test
    void callsThatAreAllLeftOutDoNotEndTheChoiceAsOne() {
        ChoiceEvents events = events(0);
        tokens(events, "(f", "=1", ")", "?a");
        events.finish("", Tokens.NONE, FinishReason.STOP, 4);
        assertThat(told)
                .containsExactly(
                        new ReasoningDelta(3, "a", Tokens.NONE), new Finished(3, FinishReason.STOP, 4, 1, Tokens.NONE));
    }

    @Test
    void countsTheTokensOfReasoning() {
        ChoiceEvents events = events(9);
        // A marker that the parser holds back belongs to what it says next.
        tokens(events, "-", "?a", "", "?b", "-", "c");
        events.finish("", Tokens.NONE, FinishReason.STOP, 6);
        assertThat(told.getLast()).isEqualTo(new Finished(3, FinishReason.STOP, 6, 4, Tokens.NONE));
    }

    @Test
    void tokensWhoseTextIsHeldBackComeWithTheNextPiece() {
        ChoiceEvents events = events(9);
        tokens(events, "-");
        events.flush(ids(1));
        assertThat(told).isEmpty();
        tokens(events, "?a", "b");
        events.flush(ids(2, 3));
        assertThat(told).containsExactly(new ReasoningDelta(3, "a", ids(1, 2, 3)), new TextDelta(3, "b", Tokens.NONE));
    }

    @Test
    void tokensThatNothingFollowsComeWithTheEnd() {
        ChoiceEvents events = events(9);
        tokens(events, "-");
        events.flush(ids(1));
        events.finish("-", ids(2), FinishReason.STOP, 2);
        assertThat(told).containsExactly(new Finished(3, FinishReason.STOP, 2, 0, ids(1, 2)));
    }

    private ChoiceEvents events(int maxCalls) {
        return new ChoiceEvents(3, new AnswerFormat(Letters::new, () -> "id" + ids++, maxCalls, Set.of()), told::add);
    }

    private static void tokens(ChoiceEvents events, String... texts) {
        for (String text : texts) {
            events.token(text);
        }
    }

    private static Tokens ids(Integer... ids) {
        return new Tokens(List.of(ids), List.of());
    }

    /** {@code ?} is reasoning, {@code (} begins a call, {@code =} is of its arguments, {@code )} and {@code !} end it, {@code -} is nothing. */
    private static final class Letters implements AnswerParser {
        @Override
        public void accept(String text, AnswerSink sink) {
            String rest = text.substring(1);
            switch (text.charAt(0)) {
                case '?' -> sink.reasoning(rest);
                case '(' -> sink.callStarted(rest, null);
                case '=' -> sink.callArguments(rest);
                case ')' -> sink.callEnded(true);
                case '!' -> sink.callEnded(false);
                case '-' -> {}
                default -> sink.text(text);
            }
        }

        @Override
        public void finish(AnswerSink sink) {}
    }
}
