package dev.conch.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AsciiWindowTest {
    private static final int FROM = 3;
    private static final int TEXTS = 20_000;

    private final Random random = new Random(1);

    static Stream<AsciiWindow> windows() {
        return Stream.of(new SwarAsciiWindow(), new VectorAsciiWindow());
    }

    @ParameterizedTest
    @MethodSource("windows")
    void everyByteIsInTheSetsThatItBelongsTo(AsciiWindow window) {
        for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
            for (int place = 0; place < AsciiWindow.SIZE; place++) {
                byte[] text = text('.', AsciiWindow.SIZE);
                text[FROM + place] = (byte) value;
                window.load(text, FROM, FROM + AsciiWindow.SIZE);
                assertSets(window, text, AsciiWindow.SIZE);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void allBytesAreJudgedAtOnce(AsciiWindow window) {
        String often = " \n\r\t'aZ09.~\u007f";
        for (int i = 0; i < TEXTS; i++) {
            byte[] text = text('.', AsciiWindow.SIZE);
            for (int at = FROM; at < FROM + AsciiWindow.SIZE; at++) {
                text[at] = (byte) (i % 2 == 0 ? often.charAt(random.nextInt(often.length())) : random.nextInt(128));
            }
            window.load(text, FROM, FROM + AsciiWindow.SIZE);
            assertSets(window, text, AsciiWindow.SIZE);
        }
    }

    @ParameterizedTest
    @MethodSource("windows")
    void whatIsBehindTheTextIsOutside(AsciiWindow window) {
        for (int length = 1; length < AsciiWindow.SIZE; length++) {
            byte[] text = text('a', length);
            window.load(text, FROM, FROM + length);
            assertSets(window, text, length);
        }
    }

    @Test
    void vectorsAreUsedWhereTheyPay() {
        assertThat(AsciiWindow.create())
                .isInstanceOf(VectorAsciiWindow.isFast() ? VectorAsciiWindow.class : SwarAsciiWindow.class);
    }

    /** Compares what may be asked for: up to the first byte that is not ASCII, or not text. */
    private static void assertSets(AsciiWindow window, byte[] text, int length) {
        long outside = set(text, length, c -> c < 0) | (length < AsciiWindow.SIZE ? -1L << length : 0);
        int certain = Long.numberOfTrailingZeros(outside);
        long known = certain == AsciiWindow.SIZE ? -1 : (1L << certain) - 1;
        assertThat(Long.numberOfTrailingZeros(window.outside())).isEqualTo(certain);
        assertThat(window.letters() & known)
                .isEqualTo(set(text, length, c -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) & known);
        assertThat(window.digits() & known).isEqualTo(set(text, length, c -> c >= '0' && c <= '9') & known);
        assertThat(window.spaces() & known).isEqualTo(set(text, length, c -> c == ' ') & known);
        assertThat(window.newlines() & known).isEqualTo(set(text, length, c -> c == '\n' || c == '\r') & known);
        assertThat(window.blanks() & known)
                .isEqualTo(set(text, length, c -> c == ' ' || c == '\t' || c == 0x0B || c == '\f') & known);
        assertThat(window.apostrophes() & known).isEqualTo(set(text, length, c -> c == '\'') & known);
    }

    private static long set(byte[] text, int length, IntPredicate belongs) {
        long set = 0;
        for (int i = 0; i < length; i++) {
            set |= belongs.test(text[FROM + i]) ? 1L << i : 0;
        }
        return set;
    }

    /** So many equal bytes, and zeros around them. */
    private static byte[] text(char fill, int length) {
        byte[] text = new byte[FROM + length + WordScanner.PADDING];
        Arrays.fill(text, FROM, FROM + length, (byte) fill);
        return text;
    }
}
