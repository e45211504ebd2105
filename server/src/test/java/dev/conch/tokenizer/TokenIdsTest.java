package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIdsTest {
    private final TokenIds ids = new TokenIds();

    @Test
    void areNoneAtFirst() {
        assertThat(ids.toArray()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 1_000})
    void areAppendedInWhateverPiecesTheyCome(int piece) {
        int[] many = IntStream.range(0, piece + 10).toArray();
        ids.addAll(many, piece);
        ids.add(7);
        ids.addAll(many, piece);
        ids.addAll(new long[] {8, 9});
        IntStream expected = Stream.of(
                        IntStream.range(0, piece), IntStream.of(7), IntStream.range(0, piece), IntStream.of(8, 9))
                .flatMapToInt(Function.identity());
        assertThat(ids.toArray()).isEqualTo(expected.toArray());
    }
}
