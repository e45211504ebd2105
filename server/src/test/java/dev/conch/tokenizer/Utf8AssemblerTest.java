package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Utf8AssemblerTest {

    @Test
    void replacesEachMaximalPartOfAnIllFormedSequence() {
        // Unicode 16, tables 3-8 to 3-11
        assertThat(decode(0xC0, 0xAF, 0xE0, 0x80, 0xBF, 0xF0, 0x81, 0x82, 0x41)).isEqualTo("\uFFFD".repeat(8) + "A");
        assertThat(decode(0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xAF, 0x41)).isEqualTo("\uFFFD".repeat(8) + "A");
        assertThat(decode(0xF4, 0x91, 0x92, 0x93, 0xFF, 0x41, 0x80, 0xBF, 0x42))
                .isEqualTo("\uFFFD".repeat(5) + "A" + "\uFFFD".repeat(2) + "B");
        assertThat(decode(0xE1, 0x80, 0xE2, 0xF0, 0x91, 0x92, 0xF1, 0xBF, 0x41)).isEqualTo("\uFFFD".repeat(4) + "A");
    }

    @Test
    void aCharacterThatEndsTooEarlyIsReplacedOnce() {
        assertThat(decode(0xF0, 0x9F, 0x90)).isEqualTo("\uFFFD");
    }

    @Property
    void assemblesAnyTextFromItsBytes(@ForAll String any) {
        String text = WellFormedText.of(any);
        assertThat(decode(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    private static String decode(int... bytes) {
        byte[] narrow = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            narrow[i] = (byte) bytes[i];
        }
        return decode(narrow);
    }

    private static String decode(byte[] bytes) {
        Utf8Assembler utf8 = new Utf8Assembler();
        StringBuilder text = new StringBuilder();
        for (byte next : bytes) {
            utf8.accept(next, text);
        }
        utf8.finish(text);
        return text.toString();
    }
}
