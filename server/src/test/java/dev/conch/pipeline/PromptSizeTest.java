package dev.conch.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.openai.SamplingOptions;
import dev.conch.openai.StopOptions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A short prompt with long lists beside it is no small work: an event loop must not be left to do it. */
class PromptSizeTest {
    private static final int SMALL = 2_000;

    @Test
    void nothingAskedForIsNoWork() {
        assertThat(size(Map.of(), List.of(), List.of(), List.of())).isZero();
    }

    @Test
    void wordsAreEncodedInTwoSpellings() {
        assertThat(size(Map.of(), List.of(), List.of("w".repeat(256)), List.of()))
                .isGreaterThanOrEqualTo(512)
                .isLessThan(SMALL);
        assertThat(size(Map.of(), List.of(), Collections.nCopies(1_024, "w"), List.of()))
                .isGreaterThan(SMALL);
    }

    @Test
    void everyTokenOfAListIsLookedUp() {
        List<Integer> tokens = Collections.nCopies(1_000, 7);
        assertThat(size(Map.of(1, 1.0, 2, -1.0), tokens, List.of(), tokens)).isEqualTo(2_002);
    }

    private static long size(
            Map<Integer, Double> logitBias, List<Integer> allowed, List<String> badWords, List<Integer> stopTokenIds) {
        return PromptSize.chars(
                new SamplingOptions(null, null, null, null, null, null, null, null, logitBias, allowed, badWords, null),
                new StopOptions(null, "max_tokens", null, List.of(), stopTokenIds, false, false));
    }
}
