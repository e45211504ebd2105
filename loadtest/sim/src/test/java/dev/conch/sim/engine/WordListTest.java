package dev.conch.sim.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.sim.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordListTest {
    private static WordList of(int... rows) throws EngineException {
        return WordList.of(Tensor.int32s("stop_words_list", List.of(1L, 2L, rows.length / 2L), rows), "");
    }

    @Test
    void wordsEndAtTheirOffsets() throws Exception {
        assertThat(of(5, 6, 7, 2, 3, -1).words()).containsExactly(List.of(5, 6), List.of(7));
    }

    @Test
    void aListMayBeEmpty() throws Exception {
        assertThat(of().words()).isEmpty();
        assertThat(of(0, -1).words()).isEmpty();
    }

    @Test
    void brokenListsAreRefused() {
        assertThatThrownBy(() -> of(5, 6, 3, -1)).hasMessageStartingWith("Sparse list must not have out-of-bound");
        assertThatThrownBy(() -> of(5, 6, 2, 1)).hasMessageStartingWith("Sparse list must not have non-increasing");
        assertThatThrownBy(() -> of(5, 6, -1, 2)).hasMessageStartingWith("Sparse list must not have additional -1s");
    }

    @Test
    void onlyTheTailMatches() throws Exception {
        WordList words = of(5, 6, 7, 2, 3, -1);
        assertThat(words.matchesTail(new int[] {1, 5, 6}, 3)).isTrue();
        assertThat(words.matchesTail(new int[] {5, 6, 1}, 3)).isFalse();
        assertThat(words.matchesTail(new int[] {5, 6, 1}, 2)).isTrue();
        assertThat(words.matchesTail(new int[] {6}, 1)).isFalse();
        assertThat(WordList.none().matchesTail(new int[] {1}, 1)).isFalse();
    }
}
