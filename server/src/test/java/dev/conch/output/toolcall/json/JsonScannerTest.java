package dev.conch.output.toolcall.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonScannerTest {
    private static final JsonFactory JACKSON = JsonFactory.builder().build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " {\"a\" : [1, -0.5e+10, 0, true, false, null, \"\\u00e9\\n\"]} ",
                "\"a\"",
                "0",
                "-1E5",
                "null",
                "[[],{}]"
            })
    void takesJson(String text) {
        assertThat(isJson(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "{,}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "[1,]",
                "[1 2]",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "--1",
                "nul",
                "nulll",
                "True",
                "NaN",
                "'a'",
                "\"\\x\"",
                "\"\\u00g0\"",
                "\"a",
                "{a:1}",
                "[1}",
                "{} {}",
                "{\"a\":1]",
                ""
            })
    void takesNothingElse(String text) {
        assertThat(isJson(text)).isFalse();
    }

    @Test
    void hasAnEndToDepth() {
        assertThat(isJson(nested(JsonScanner.MAX_DEPTH))).isTrue();
        assertThat(isJson(nested(JsonScanner.MAX_DEPTH + 1))).isFalse();
    }

    @Test
    void takesLineBreaksInStrings() {
        assertThat(isJson("\"a\nb\"")).isTrue();
    }

    @Property(tries = 5000)
    void agreesWithJackson(@ForAll("almostJson") String elements) {
        String text = "[" + elements + "]";
        assertThat(isJson(text)).as(text).isEqualTo(isJsonToJackson(text));
    }

    @Provide
    Arbitrary<String> almostJson() {
        List<String> parts = List.of(
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "\\n", "1", "0", "-", ".5", "e3", "true", "null", " ");
        return Arbitraries.of(parts).list().ofMaxSize(9).map(list -> String.join("", list));
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static boolean isJson(String text) {
        JsonScanner scanner = new JsonScanner();
        return text.chars().allMatch(c -> scanner.take((char) c)) && scanner.complete();
    }

    private static boolean isJsonToJackson(String text) {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }
}
