package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShortWordCacheTest {
    private static final long WORD = 0x6865;

    private final ShortWordCache cache = new ShortWordCache();

    @Test
    void knowsTheTokensOfAWord() {
        cache.put(WORD, new int[] {0, 5, 1_048_574, 7}, 1, 3);
        assertThat(tokens(cache.findFirst(WORD))).containsExactly(5, 1_048_574, 7);
        assertThat(cache.findFirst(WORD + 1)).isEqualTo(ShortWordCache.NONE);
    }

    @Test
    void aTokenMayHaveTheIdZero() {
        cache.put(WORD, new int[] {0}, 0, 1);
        assertThat(tokens(cache.findFirst(WORD))).containsExactly(0);
    }

    @Test
    void aWordOfManyTokensIsNotRemembered() {
        cache.put(WORD, new int[] {1, 2, 3, 4}, 0, 4);
        assertThat(cache.findFirst(WORD)).isEqualTo(ShortWordCache.NONE);
    }

    @Test
    void ofTheWordsThatShareTheirPlacesTheLastTwoAreKnown() {
        long second = sharesThePlacesOf(WORD, WORD);
        long third = sharesThePlacesOf(WORD, second);
        put(WORD, 1);
        put(second, 2);
        assertThat(cache.findFirst(WORD)).isEqualTo(ShortWordCache.NONE);
        assertThat(tokens(cache.findSecond(WORD))).containsExactly(1);
        assertThat(tokens(cache.findFirst(WORD))).containsExactly(1);
        put(third, 3);
        assertThat(tokens(cache.findSecond(WORD))).containsExactly(1);
        assertThat(tokens(cache.findSecond(third))).containsExactly(3);
        assertThat(cache.findFirst(second)).isEqualTo(ShortWordCache.NONE);
        assertThat(cache.findSecond(second)).isEqualTo(ShortWordCache.NONE);
    }

    /** A word moves another only if they share both places. */
    @Test
    void noOtherWordPutsAWordOut() {
        put(WORD, 1);
        long words = LongStream.range(WORD + 1, WORD + 200_000)
                .takeWhile(word -> {
                    put(word, 2);
                    return cache.findFirst(WORD) != ShortWordCache.NONE;
                })
                .count();
        assertThat(words).isPositive();
        assertThat(tokens(cache.findSecond(WORD))).containsExactly(1);
    }

    private static long sharesThePlacesOf(long word, long after) {
        ShortWordCache other = new ShortWordCache();
        other.put(word, new int[] {1}, 0, 1);
        return LongStream.iterate(after + 1, next -> next + 1)
                .filter(next -> {
                    other.put(next, new int[] {2}, 0, 1);
                    return other.findSecond(word) != ShortWordCache.NONE;
                })
                .findFirst()
                .orElseThrow();
    }

    private void put(long word, int token) {
        cache.put(word, new int[] {token}, 0, 1);
    }

    private static int[] tokens(long found) {
        int[] ids = new int[ShortWordCache.MAX_TOKENS];
        return Arrays.copyOf(ids, ShortWordCache.unpack(found, ids, 0));
    }
}
