package dev.conch.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuideSizeTest {
    private static final String LARGE = "x".repeat(1 << 20);
    private static final BigInteger LONG_NUMBER = BigInteger.TEN.pow(99);

    static Stream<OutputConstraint> oneMebi() {
        return Stream.of(
                new Literal(LARGE),
                new Regex(LARGE),
                new Ebnf(LARGE),
                new Sequence(List.of(new Literal(LARGE))),
                new Tag(LARGE, new Literal(""), ""),
                new Tag("", new Literal(LARGE), ""),
                new Tag("", new Literal(""), LARGE),
                new TriggeredTags(List.of(LARGE), List.of(), false, false),
                new TriggeredTags(List.of(), List.of(new Tag(LARGE, new Literal(""), "")), false, false),
                new SeparatedTags(List.of(), LARGE, false, false),
                new SeparatedTags(List.of(new Tag(LARGE, new Literal(""), "")), "", false, false),
                new JsonSchema(Map.of("const", LARGE)),
                new JsonSchema(Map.of(LARGE, true)),
                new JsonSchema(Map.of("enum", Collections.nCopies(1 << 18, List.of(Map.of())))),
                new JsonSchema(Map.of("enum", Collections.nCopies(11_000, LONG_NUMBER))));
    }

    @ParameterizedTest
    @MethodSource("oneMebi")
    void whatStandsThereOftenCountsAsOften(OutputConstraint constraint) {
        assertThatCode(() -> GuideSize.check(new OneOf(Collections.nCopies(4, constraint)), "tools"))
                .doesNotThrowAnyException();
        assertRefused(new OneOf(Collections.nCopies(9, constraint)));
    }

    /** Nobody would live to see the end of it. */
    @Test
    void findingOutCostsNoMoreThanTheLimit() {
        Map<String, ?> twice = Map.of();
        for (int depth = 0; depth < 60; depth++) {
            twice = Map.of("a", twice, "b", twice);
        }
        assertRefused(new JsonSchema(twice));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen3_coder", "pythonic"})
    void aLargeDefinitionIsToldOnceForEachParameterThatRefersToIt(String format) {
        assertThatCode(() -> GuideSize.check(constraint(format, 2), "tools")).doesNotThrowAnyException();
        assertRefused(constraint(format, 128));
    }

    /** Each function has 20 parameters, beside a definition of 10,000 characters. */
    private static OutputConstraint constraint(String format, int functions) {
        Map<String, Object> properties = IntStream.range(0, 20)
                .boxed()
                .collect(Collectors.toMap(i -> "p" + i, _ -> Map.of("$ref", "#/$defs/d")));
        Map<String, Object> parameters = Map.of(
                "properties", properties, "$defs", Map.of("d", Map.of("type", "integer", "title", "x".repeat(10_000))));
        return ToolFormats.byName(format)
                .constraint(
                        IntStream.range(0, functions)
                                .mapToObj(i -> new FunctionSignature("f" + i, parameters, true))
                                .toList(),
                        new CallRule(true, true));
    }

    private static void assertRefused(OutputConstraint constraint) {
        GenerationException refusal =
                catchThrowableOfType(GenerationException.class, () -> GuideSize.check(constraint, "tools"));
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.GRAMMAR_TOO_COMPLEX);
        assertThat(refusal.param()).isEqualTo("tools");
    }
}
