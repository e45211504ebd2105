package dev.conch.output.toolcall.xml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyText;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.output.toolcall.CallRule;
import dev.conch.output.toolcall.FunctionSignature;
import dev.conch.output.toolcall.registry.ToolFormats;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an argument between tags is held to. */
class XmlConstraintTest {
    private static final Map<String, Object> DEFINITIONS = Map.of(
            "half", Map.of("enum", List.of("north", "south")),
            "point", Map.of("type", "object", "properties", Map.of("x", Map.of("type", "integer"))));

    @Test
    void aStringIsOneOfThoseThatAReferencedEnumLists() {
        assertThat(held(Map.of("$ref", "#/$defs/half")))
                .isEqualTo(new OneOf(List.of(new Literal("north"), new Literal("south"))));
    }

    @Test
    void aConstantIsItself() {
        assertThat(held(Map.of("const", "C & F"))).isEqualTo(new OneOf(List.of(new Literal("C & F"))));
    }

    /** As pydantic writes {@code Optional[Half | Literal["up"]]}. */
    @Test
    void alternativesThatAllListTheirsAreTakenTogether() {
        Map<String, Object> optional =
                Map.of("anyOf", List.of(Map.of("$ref", "#/$defs/half"), Map.of("const", "up"), Map.of("type", "null")));
        assertThat(held(optional))
                .isEqualTo(new OneOf(
                        List.of(new Literal("north"), new Literal("south"), new Literal("up"), new Literal("null"))));
    }

    /** As OpenAPI 3.0 writes it. Without null among the types, the word would be read as a string. */
    @Test
    void nullIsNoChoiceWhereTheWordWouldBeAString() {
        Map<String, Object> schema = new LinkedHashMap<>(Map.of("type", "string", "nullable", true));
        schema.put("enum", Arrays.asList("a", null));
        assertThat(held(schema)).isEqualTo(new OneOf(List.of(new Literal("a"))));
        schema.put("type", List.of("string", "null"));
        assertThat(held(schema)).isEqualTo(new OneOf(List.of(new Literal("a"), new Literal("null"))));
    }

    @Test
    void theWordForNullMayBeAString() {
        assertThat(held(Map.of("type", "string", "enum", List.of("a", "null"))))
                .isEqualTo(new OneOf(List.of(new Literal("a"), new Literal("null"))));
    }

    @Test
    void moreThanAGrammarCanListAreAnyText() {
        List<String> thousand = IntStream.range(0, 1_000).mapToObj(i -> "c" + i).toList();
        assertThat(held(Map.of("enum", thousand)))
                .isInstanceOfSatisfying(
                        OneOf.class, listed -> assertThat(listed.alternatives()).hasSize(1_000));
        assertThat(held(Map.of("anyOf", List.of(Map.of("enum", thousand), Map.of("const", "x")))))
                .isEqualTo(new AnyText());
    }

    @Test
    void anAlternativeThatListsNothingLeavesAnyText() {
        assertThat(held(Map.of("anyOf", List.of(Map.of("$ref", "#/$defs/half"), Map.of("type", "string")))))
                .isEqualTo(new AnyText());
    }

    @Test
    void numbersThatAreListedAreJson() {
        assertThat(held(Map.of("enum", List.of(1L, 2L)))).isEqualTo(new JsonSchema(Map.of("enum", List.of(1L, 2L))));
    }

    @Test
    void anObjectThatIsReferencedIsJsonWithItsDefinitions() {
        assertThat(held(Map.of("$ref", "#/$defs/point")))
                .isEqualTo(new JsonSchema(Map.of("$ref", "#/$defs/point", "$defs", DEFINITIONS)));
    }

    @Test
    void aReferenceToNothingIsJsonOfAnyKind() {
        assertThat(held(Map.of("$ref", "#/$defs/nobody"))).isInstanceOf(JsonSchema.class);
    }

    @Test
    void anyOtherStringIsText() {
        assertThat(held(Map.of("type", "string", "maxLength", 3L))).isEqualTo(new AnyText());
    }

    @Test
    void definitionsStandBesideWhatRefersToThemAnywhere() {
        List<?> units = List.of(true, Map.of("$ref", "#/$defs/unit"));
        assertThat(held(Map.of("prefixItems", units)))
                .isEqualTo(new JsonSchema(Map.of("prefixItems", units, "$defs", DEFINITIONS)));
    }

    private static OutputConstraint held(Map<String, Object> schema) {
        Map<String, Object> parameters = Map.of(
                "type", "object", "properties", Map.of("a", schema), "required", List.of("a"), "$defs", DEFINITIONS);
        var calls = (SeparatedTags) ToolFormats.byName("qwen3_coder")
                .constraint(List.of(new FunctionSignature("f", parameters, true)), new CallRule(true, false));
        var arguments = (Sequence) calls.tags().getFirst().content();
        return ((Tag) arguments.parts().getFirst()).content();
    }
}
