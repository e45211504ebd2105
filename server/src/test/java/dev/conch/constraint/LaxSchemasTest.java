package dev.conch.constraint;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is left out of schemas that need not be enforced in all they say. */
class LaxSchemasTest extends SchemaTest {
    /** OpenAI takes any schema that is not strict. */
    @Test
    void leavesOutOfAnAnswersSchemaWhatNoEngineEnforcesUnlessItIsStrict() {
        String schema = """
                {"type":"object","properties":{"a":{"type":"array","uniqueItems":true,"items":{"type":"number","multipleOf":0.1},"maxItems":900},
                 "b":{"type":"string","pattern":"^(?!x)y$"},"c":{"type":"string","maxLength":999999,"minLength":500}},"minProperties":1}""";
        assertThat(lenient(schema)).isEqualTo(kept("""
                        {"type":"object","properties":{"a":{"type":"array","items":{"type":"number"},"maxItems":900},
                         "b":{"type":"string"},"c":{"type":"string","minLength":500}},"additionalProperties":false}"""));
        for (boolean strict : List.of(true, false)) {
            assertThat(refusal(schema, strict).code()).isEqualTo(ErrorCode.INVALID_JSON_SCHEMA);
        }
    }

    /** As hand-written schemas often are. */
    @Test
    void keepsWhatAnAnswersSchemaWithoutATypeMeans() {
        String schema = "{\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]}";
        assertThat(lenient(schema)).isEqualTo(kept("""
                {"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"""));
        assertThat(lenient("{\"properties\":{\"a\":{\"minLength\":1,\"minimum\":1}}}"))
                .isEqualTo(kept("""
                {"type":"object","properties":{"a":{}},"additionalProperties":false}"""));
    }

    @Test
    void leavesOutOfLaxSchemasTheCountsForWhichThereIsNoRoom() {
        String lists = properties(60, "{\"type\":\"array\",\"minItems\":1000}");
        assertThat(occurrences("minItems=1000", lenient(lists))).isEqualTo(50);
        assertThat(refusal(lists, true).code()).isEqualTo(ErrorCode.GRAMMAR_TOO_COMPLEX);
        String patterns = properties(60, "{\"type\":\"string\",\"pattern\":\"^a{1000}$\"}");
        assertThat(occurrences("pattern=", lenient(patterns))).isBetween(1, 50);
    }

    @Test
    void leavesOutOfLaxSchemasTheMultiplesForWhichThereIsNoRoom() {
        String steps = properties(11, "{\"type\":\"integer\",\"minimum\":0,\"maximum\":9990,\"multipleOf\":10}");
        String parameters = told(parameters(steps, false));
        for (String lax : List.of(lenient(steps), parameters)) {
            assertThat(occurrences("enum=", lax)).isBetween(9, 10);
            assertThat(lax).contains("p10={type=integer, minimum=0, maximum=9990}");
        }
        assertThat(refusal(steps, true).code()).isEqualTo(ErrorCode.GRAMMAR_TOO_COMPLEX);
    }

    @Test
    void leavesOutOfLaxParametersWhatNoEngineEnforces() {
        OutputConstraint lax = parameters("""
                {"type":"object","properties":{"a":{"type":"array","uniqueItems":true,"items":{"type":"integer","multipleOf":2}}},
                 "minProperties":1,"required":["a"]}""", false);
        assertThat(told(lax)).isEqualTo(kept("""
                        {"type":"object","properties":{"a":{"type":"array","items":{"type":"integer"}}},"required":["a"],
                         "additionalProperties":false}"""));
        assertThat(catchThrowableOfType(GenerationException.class, () -> parameters("{\"minProperties\":1}", true))
                        .param())
                .isEqualTo("tools[0].function.parameters.minProperties");
    }

    @Test
    void laxParametersKeepTheirTypesWhateverElseTheySay() {
        OutputConstraint lax = parameters("""
                {"type":"object","properties":{"a":{"type":"string","pattern":"^(?!x)y$"},"b":{"type":"string","maxLength":65536},
                 "c":{"type":"integer","maximum":1e18}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", false);
        assertThat(told(lax)).isEqualTo(kept("""
                        {"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"integer"}},
                         "additionalProperties":false}"""));
    }

    /** An object of so many properties, {@code p0} and on, all alike. */
    private static String properties(int count, String schema) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"p%d\":%s".formatted(i, schema))
                .collect(joining(",", "{\"type\":\"object\",\"properties\":{", "}}"));
    }

    private static OutputConstraint parameters(String schema, boolean strict) {
        return CONSTRAINTS.parameters(object(schema), strict, "tools[0].function.parameters");
    }
}
