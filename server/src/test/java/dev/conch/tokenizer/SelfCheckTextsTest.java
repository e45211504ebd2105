package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfCheckTextsTest {
    private static final List<String> TEXTS = texts();

    @Test
    void areTheSameEachTime() {
        assertThat(texts()).isEqualTo(TEXTS).hasSizeBetween(3_000, 5_000);
    }

    @Test
    void areWellFormedAndNotEmpty() {
        assertThat(TEXTS)
                .allMatch(text -> !text.isEmpty() && WellFormedText.of(text).equals(text));
    }

    @Test
    void haveCharactersOfAllKinds() {
        String all = String.join("", TEXTS);
        assertThat(all.codePoints()
                        .mapToObj(Character.UnicodeScript::of)
                        .distinct()
                        .count())
                .isGreaterThan(60);
        assertThat(all.codePoints().anyMatch(character -> !Character.isDefined(character)))
                .isTrue();
        assertThat(all).contains("\r\n", "\u3000", "\uFEFF", "12345", "👩‍👩‍👧‍👦", "\u0301", "'LL", "<|im_end|>");
    }

    private static List<String> texts() {
        List<String> texts = new ArrayList<>();
        new SelfCheckTexts().iterator().forEachRemaining(texts::add);
        return texts;
    }
}
