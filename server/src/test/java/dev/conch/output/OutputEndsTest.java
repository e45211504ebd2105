package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.FinishReason;
import dev.conch.generation.StopConditions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ends an answer, and what is shown of it: the model's end, the caller's stop sequences and stop tokens. */
class OutputEndsTest extends DecodingTest {
    @Test
    void endTokensEndTheChoiceUnseenAndUncounted() {
        OutputDecoder decoder = decoder(1);
        accept(decoder, 0, "ab$cd", FinishReason.LENGTH);
        assertThat(events).containsExactly(text(0, "ab"), end(0, FinishReason.STOP, 2));
        accept(decoder, 0, "ef", FinishReason.STOP);
        assertThat(events).hasSize(2);
    }

    @Test
    void aStopSequenceIsCutAndItsTokensAreCounted() {
        OutputDecoder decoder = decoder(1, "END");
        accept(decoder, 0, "text E", null);
        accept(decoder, 0, "NDless", null);
        assertThat(events).containsExactly(text(0, "text "), end(0, FinishReason.STOP, 8));
        assertThat(decoder.finished()).isTrue();
    }

    /** A caller that wants to see what ended its answer means its own sequences; how the model ends a turn is nobody's affair. */
    @Test
    void theModelsOwnEndIsNeverShown() {
        var stop = new StopConditions(
                100, 0, List.of(END), List.of(), List.of("STOP", "both"), List.of("END", "both"), true);
        for (String ending : List.of("STOP", "both")) {
            events.clear();
            accept(
                    new OutputDecoder(0, 1, TOKENIZER, stop, TextForm.PLAIN, AnswerFormat.TEXT, events::add),
                    0,
                    "text " + ending + "less",
                    null);
            assertThat(events)
                    .containsExactly(text(0, "text " + ending), end(0, FinishReason.STOP, 5 + ending.length()));
        }
        events.clear();
        accept(
                new OutputDecoder(0, 1, TOKENIZER, stop, TextForm.PLAIN, AnswerFormat.TEXT, events::add),
                0,
                "text ENDless",
                null);
        assertThat(events).containsExactly(text(0, "text "), end(0, FinishReason.STOP, 8));
    }

    @Test
    void whatOnlyBeganAStopSequenceIsFlushed() {
        OutputDecoder decoder = decoder(1, "END");
        accept(decoder, 0, "text EN", FinishReason.STOP);
        assertThat(events).containsExactly(text(0, "text EN"), end(0, FinishReason.STOP, 7));
    }

    @Test
    void theReplacementOfTheLastCharacterMayCompleteAStopSequence() {
        OutputDecoder decoder = decoder(1, "a\uFFFD");
        decoder.accept(0, new int[] {'a', 0xF0}, List.of(), FinishReason.LENGTH);
        assertThat(events).containsExactly(end(0, FinishReason.STOP, 2));
    }

    @Test
    void aStopSequenceThatIsAskedForStaysAndNothingBehindIt() {
        OutputDecoder decoder = tracking(stop(0, List.of(), true, "END"));
        accept(decoder, 't', 'E', 'N', 'D', 's');
        assertThat(joined(events)).isEqualTo("tEND");
        assertThat(ids(events)).containsExactly((int) 't', (int) 'E', (int) 'N', (int) 'D');
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 4));
    }

    @Test
    void aStopTokenIsCutAndCounted() {
        OutputDecoder decoder = tracking(stop(0, List.of((int) '!'), false));
        accept(decoder, 'a', '!', 'b');
        assertThat(joined(events)).isEqualTo("a");
        assertThat(ids(events)).containsExactly((int) 'a');
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 2));
    }

    @Test
    void aStopTokenThatIsAskedForStays() {
        OutputDecoder decoder = tracking(stop(0, List.of((int) '!'), true));
        accept(decoder, 'a', '!', 'b');
        assertThat(joined(events)).isEqualTo("a!");
        assertThat(ids(events)).containsExactly((int) 'a', (int) '!');
    }

    @Test
    void nothingOfTheCallersEndsAnAnswerThatIsTooShort() {
        OutputDecoder decoder = tracking(stop(4, List.of((int) '!'), false, "ab"));
        accept(decoder, 'a', 'b', '!', 'a', 'b', 'c');
        assertThat(joined(events)).isEqualTo("ab!");
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 5));
    }

    @Test
    void theModelsEndTokensEndAnyAnswer() {
        OutputDecoder decoder = tracking(stop(4, List.of(), false));
        accept(decoder, 'a', END);
        assertThat(events.getLast()).isEqualTo(end(0, FinishReason.STOP, 1));
    }
}
