package dev.conch.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.FinishReason;
import dev.conch.output.parser.PlainText;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which control tokens are shown as text. */
class OutputControlTokensTest extends DecodingTest {
    @Test
    void aControlTokenThatAParserNeedsIsShownToIt() {
        var format = new AnswerFormat(PlainText::new, () -> "", 0, Set.of(Utf8Tokenizer.CONTROL));
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), TextForm.PLAIN, format, events::add);
        decoder.accept(0, new int[] {'a', 0xC3, Utf8Tokenizer.CONTROL, 'b'}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("a\uFFFD<c>b");
    }

    @Test
    void otherControlTokensAreNot() {
        var format = new AnswerFormat(PlainText::new, () -> "", 0, Set.of(7));
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), TextForm.PLAIN, format, events::add);
        decoder.accept(0, new int[] {'a', 0xC3, Utf8Tokenizer.CONTROL, 'b'}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("a\uFFFDb");
    }

    @Test
    void controlTokensAreShownIfAskedFor() {
        var shown = new TextForm(false, false, false);
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), shown, AnswerFormat.TEXT, events::add);
        decoder.accept(0, new int[] {'a', Utf8Tokenizer.CONTROL, 'b'}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("a<c>b");
    }

    @Test
    void controlTokensStandApartIfAskedFor() {
        int control = Utf8Tokenizer.CONTROL;
        var spaced = new TextForm(false, true, false);
        OutputDecoder decoder = new OutputDecoder(0, 1, TOKENIZER, stop(), spaced, AnswerFormat.TEXT, events::add);
        decoder.accept(
                0, new int[] {control, 'a', 'b', 0xC3, control, control, 0xC3, 0xA4}, List.of(), FinishReason.STOP);
        assertThat(joined(events)).isEqualTo("<c> ab\uFFFD <c> <c> ä");
    }
}
