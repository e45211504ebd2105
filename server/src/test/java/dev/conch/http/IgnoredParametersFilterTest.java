package dev.conch.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IgnoredParametersFilterTest {
    @Test
    void namesThemInTheirOrder() {
        assertThat(IgnoredParametersFilter.value(List.of("x_client", "stream_options.all", "a-b")))
                .isEqualTo("x_client, stream_options.all, a-b");
    }

    @Test
    void letsNothingIntoTheHeaderThatIsNoName() {
        assertThat(IgnoredParametersFilter.value(List.of("a\r\nset-cookie: b", "", "ö,🐚", "\u0000")))
                .isEqualTo("a??set-cookie??b, , ???, ?")
                .matches("[\\x20-\\x7e]*");
    }

    @Test
    void staysShort() {
        List<String> many =
                IntStream.range(0, 100).mapToObj(i -> i + "x".repeat(1000)).toList();
        assertThat(IgnoredParametersFilter.value(many)).hasSizeLessThan(2200).endsWith("x, ...");
    }
}
