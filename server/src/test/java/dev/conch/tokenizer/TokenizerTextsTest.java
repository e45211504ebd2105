package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TokenizerTextsTest {
    private static final List<String> TEXTS =
            TokenizerTexts.texts(1, 2_000, List.of("<|im_end|>")).toList();

    @Test
    void theSameSeedGivesTheSameTexts() {
        assertThat(TokenizerTexts.texts(1, 2_000, List.of("<|im_end|>"))).isEqualTo(TEXTS);
        assertThat(TokenizerTexts.texts(2, 2_000, List.of("<|im_end|>"))).isNotEqualTo(TEXTS);
    }

    @Test
    void coversWhatTokenizersSplitBy() {
        String all = String.join("", TEXTS);
        assertThat(all).contains("<|im_end|>", "\r\n", "'re", "\uFEFF", "🐚");
        assertThat(all.codePoints().mapToObj(Character::getType).collect(Collectors.toSet()))
                .hasSize(29); // all general categories but surrogates
        assertThat(all.codePoints().mapToObj(Character.UnicodeScript::of).distinct())
                .hasSizeGreaterThan(30);
    }

    @Test
    void areWellFormed() {
        assertThat(TEXTS).allMatch(text -> WellFormedText.of(text).equals(text));
    }
}
