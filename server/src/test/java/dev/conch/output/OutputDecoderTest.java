package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OutputDecoderTest extends DecodingTest {
    @Test
    void emitsTextAsItComesAndOneEnd() {
        OutputDecoder decoder = decoder(1);
        accept(decoder, 0, "Hel", null);
        accept(decoder, 0, "lo", null);
        assertThat(decoder.finished()).isFalse();
        accept(decoder, 0, "!", FinishReason.LENGTH);
        assertThat(decoder.finished()).isTrue();
        assertThat(events).containsExactly(text(0, "Hel"), text(0, "lo"), text(0, "!"), end(0, FinishReason.LENGTH, 6));
    }

    @Test
    void saysNothingWhileThereIsNoWholeCharacter() {
        OutputDecoder decoder = decoder(1);
        int[] shell = Utf8Tokenizer.ids("🐚");
        for (int i = 0; i < 3; i++) {
            decoder.accept(0, new int[] {shell[i]}, List.of(), null);
        }
        assertThat(events).isEmpty();
        decoder.accept(0, new int[] {shell[3]}, List.of(), null);
        assertThat(events).containsExactly(text(0, "🐚"));
    }

    @Test
    void aCharacterThatStaysIncompleteIsReplacedAtTheEnd() {
        OutputDecoder decoder = decoder(1);
        decoder.accept(0, Arrays.copyOf(Utf8Tokenizer.ids("🐚"), 2), List.of(), FinishReason.LENGTH);
        assertThat(events).containsExactly(text(0, "\uFFFD"), end(0, FinishReason.LENGTH, 2));
    }

    @Test
    void choicesAreIndependent() {
        OutputDecoder decoder = decoder(2, "x");
        accept(decoder, 1, "bx", null);
        assertThat(decoder.finished()).isFalse();
        accept(decoder, 0, "a", FinishReason.STOP);
        assertThat(decoder.finished()).isTrue();
        assertThat(events)
                .containsExactly(
                        text(1, "b"), end(1, FinishReason.STOP, 2), text(0, "a"), end(0, FinishReason.STOP, 1));
    }

    @Test
    void anEndWithoutTokensStillEndsTheChoice() {
        accept(decoder(1), 0, "", FinishReason.STOP);
        assertThat(events).containsExactly(end(0, FinishReason.STOP, 0));
    }

    @Test
    void choicesAreNumberedFromWhereTheyAreTold() {
        OutputDecoder decoder =
                new OutputDecoder(6, 2, TOKENIZER, stop(), TextForm.PLAIN, AnswerFormat.TEXT, events::add);
        accept(decoder, 1, "x", FinishReason.STOP);
        assertThat(events).containsExactly(text(7, "x"), end(7, FinishReason.STOP, 1));
    }

    @Test
    void refusesTokensAndChoicesThatDoNotExist() {
        OutputDecoder decoder = decoder(1);
        for (int choice : new int[] {-1, 1}) {
            assertBadUpstreamResponse(() -> decoder.accept(choice, new int[0], List.of(), null));
        }
        assertBadUpstreamResponse(() -> decoder.accept(0, new int[] {257}, List.of(), null));
    }

    private static void assertBadUpstreamResponse(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_UPSTREAM_RESPONSE));
    }
}
