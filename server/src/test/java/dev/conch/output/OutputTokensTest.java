package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.TextLogprob;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenText.Bytes;
import dev.conch.generation.TokenText.Characters;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens and their log-probabilities beside the text. */
class OutputTokensTest extends DecodingTest {
    @Test
    void tokensTravelWithTheTextThatTheyComplete() {
        OutputDecoder decoder = tracking(stop("END"));
        accept(decoder, 'a', 'E', Utf8Tokenizer.CONTROL);
        accept(decoder, 0xC3, 0xA4);
        accept(decoder, 'E', 'N', 'D');
        assertThat(events)
                .containsExactly(
                        new TextDelta(0, "a", new Tokens(List.of((int) 'a'), List.of(logprob("a", 0)))),
                        new TextDelta(
                                0,
                                "Eä",
                                new Tokens(
                                        List.of((int) 'E', Utf8Tokenizer.CONTROL, 0xC3, 0xA4),
                                        List.of(logprob("E", 1), control(2), logprob(0xC3, 2), logprob(0xA4, 2)))),
                        end(0, FinishReason.STOP, 8));
    }

    @Test
    void tokensWithoutTextComeWithTheEnd() {
        OutputDecoder decoder = tracking(stop());
        accept(decoder, 'a');
        decoder.accept(0, new int[] {Utf8Tokenizer.CONTROL}, logprobs(Utf8Tokenizer.CONTROL), FinishReason.LENGTH);
        assertThat(events.getLast())
                .isEqualTo(new Finished(
                        0, FinishReason.LENGTH, 2, 0, new Tokens(List.of(Utf8Tokenizer.CONTROL), List.of(control(1)))));
    }

    @Test
    void alternativesAreNamedLikeTokens() {
        OutputDecoder decoder = tracking(stop());
        var alternatives = List.of(
                new TokenLogprob.Alternative('b', -1),
                new TokenLogprob.Alternative(Utf8Tokenizer.CONTROL, -2),
                new TokenLogprob.Alternative(300, -3));
        decoder.accept(0, new int[] {'a'}, List.of(new TokenLogprob('a', -0.5f, alternatives)), null);
        assertThat(((TextDelta) events.getFirst())
                        .tokens()
                        .logprobs()
                        .getFirst()
                        .alternatives())
                .as("what the vocabulary does not have is left out")
                .containsExactly(
                        new TextLogprob.Alternative(new Characters("b", false), -1),
                        new TextLogprob.Alternative(new Characters("<c>", true), -2));
    }

    private static TextLogprob logprob(String text, int offset) {
        return new TextLogprob(new Characters(text, false), -1f, List.of(), offset);
    }

    private static TextLogprob logprob(int singleByte, int offset) {
        return new TextLogprob(new Bytes(new byte[] {(byte) singleByte}), -1f, List.of(), offset);
    }

    private static TextLogprob control(int offset) {
        return new TextLogprob(new Characters("<c>", true), -1f, List.of(), offset);
    }
}
