package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.micronaut.json.tree.JsonNode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    @Test
    void readsAllKindsOfValues() {
        JsonNode node = read(
                "{\"s\":\"é😀\\n\",\"i\":-3,\"l\":9007199254740993,\"d\":0.5,\"t\":true,\"n\":null,\"a\":[1,{}]} \n");
        assertThat(member(node, "s").getStringValue()).isEqualTo("é😀\n");
        assertThat(member(node, "i").getIntValue()).isEqualTo(-3);
        assertThat(member(node, "l").getLongValue()).isEqualTo(9007199254740993L);
        assertThat(member(node, "d").getDoubleValue()).isEqualTo(0.5);
        assertThat(member(node, "t").getBooleanValue()).isTrue();
        assertThat(member(node, "n").isNull()).isTrue();
        assertThat(member(node, "a").size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                "null",
                "[]",
                "\"text\"",
                "7",
                "{",
                "{\"a\":1",
                "{\"a\":1,}",
                "{\"a\":[1,]}",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} x",
                "{\"a\":1,\"a\":2}",
                "{\"x\":{\"a\":1,\"a\":2}}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":-Infinity}",
                "{\"a\":1e400}",
                "{\"a\":1e999999999}",
                "{\"a\":'x'}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\\udc00\\ud800\"}",
                "{\"\\ud800\":1}",
                "{\"a\":\"tab\there\"}",
                "// comment\n{}",
                "\uFEFF{}"
            })
    void refusesWhatIsNotOneObject(String body) {
        assertRefused(body.getBytes(StandardCharsets.UTF_8), ErrorCode.INVALID_JSON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"a\":2}                               | a",
                "{\"messages\":[{},{\"role\":\"\",\"role\":0}]}   | messages[1].role",
                "{\"a\":[[1],[2,1e400]]}                       | a[1][1]",
                "{\"messages\":[{\"content\":\"\\ud800\"}]}      | messages[0].content",
                "{\"\\udc00\":1}                               | �",
            })
    void saysWhereTheFaultIs(String body, String path) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read(body))
                .satisfies(error -> assertThat(error.param()).isEqualTo(path))
                .withMessageContaining("'" + path + "'");
    }

    /** There is no path to it. */
    @ParameterizedTest
    @ValueSource(strings = {"1e999", "\"\\ud800\"", "[]"})
    void aBodyThatIsAllWrongIsNoObject(String body) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read(body))
                .satisfies(error -> assertThat(error.param()).isNull())
                .withMessage("The request body is not a JSON object.");
    }

    @Test
    void showsTheBeginningOfALongPath() {
        String key = "k".repeat(500);
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read("{\"%s\":1,\"%s\":1}".formatted(key, key)))
                .satisfies(error -> assertThat(error.param()).isEqualTo("k".repeat(100) + "…"));
    }

    @Test
    void cutsNoCharacterOfAPathInHalf() {
        String key = "k".repeat(99);
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read("{\"%s😀\":1,\"%s😀\":1}".formatted(key, key)))
                .satisfies(error -> assertThat(error.param()).isEqualTo(key + "\uFFFD…"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32"})
    void refusesOtherEncodings(String charset) {
        assertRefused("{\"a\":\"é\"}".getBytes(Charset.forName(charset)), ErrorCode.INVALID_JSON);
    }

    @Test
    void refusesMalformedUtf8() {
        assertRefused(new byte[] {'{', '"', (byte) 0xC0, (byte) 0xAF, '"', ':', '1', '}'}, ErrorCode.INVALID_JSON);
        assertRefused(
                new byte[] {'{', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"', ':', '1', '}'},
                ErrorCode.INVALID_JSON);
    }

    @Test
    void refusesBottomlessNesting() {
        assertRefused("{\"a\":" + "[".repeat(100_000), ErrorCode.JSON_TOO_COMPLEX);
        assertRefused("{\"a\":".repeat(129) + "1" + "}".repeat(129), ErrorCode.JSON_TOO_COMPLEX);
        assertThat(read("{\"a\":".repeat(128) + "1" + "}".repeat(128)).isObject())
                .isTrue();
    }

    @Test
    void refusesTooManyPartsAndTooLongKeys() {
        assertRefused("{\"a\":[" + "1,".repeat(200_000) + "1]}", ErrorCode.JSON_TOO_COMPLEX);
        assertRefused("{\"" + "k".repeat(1025) + "\":1}", ErrorCode.JSON_TOO_COMPLEX);
    }

    @Test
    void refusesNumbersOfAbsurdLength() {
        assertRefused("{\"a\":" + "9".repeat(101) + "}", ErrorCode.INVALID_JSON);
        assertRefused("{\"a\":0." + "9".repeat(1_000_000) + "}", ErrorCode.INVALID_JSON);
        assertThat(read("{\"a\":" + "9".repeat(100) + "}").isObject()).isTrue();
    }

    private static JsonNode member(JsonNode node, String name) {
        return Objects.requireNonNull(node.get(name), name);
    }

    private static JsonNode read(String body) {
        return StrictJson.object(body.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String body, ErrorCode code) {
        assertRefused(body.getBytes(StandardCharsets.UTF_8), code);
    }

    private static void assertRefused(byte[] body, ErrorCode code) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> StrictJson.object(body))
                .satisfies(error -> assertThat(error.code()).isEqualTo(code));
    }
}
