package dev.conch.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.OutputConstraint.JsonSchema;
import org.junit.jupiter.api.Test;

/** Alternatives of which just one may hold, where engines know only that any may. */
class ExclusiveAlternativesTest extends SchemaTest {
    @Test
    void tellsDiscriminatedUnionsApart() {
        String union = """
                {"oneOf":[{"$ref":"#/$defs/c"},{"$ref":"#/$defs/d"}],"discriminator":{"propertyName":"k"},
                 "$defs":{"c":{"type":"object","properties":{"k":{"const":"c"}},"required":["k"]},
                          "d":{"type":"object","properties":{"k":{"enum":["d","e"]}},"required":["k"]}}}""";
        assertThat(format(union, true)).isInstanceOf(JsonSchema.class);
        assertThat(refusal(union.replace("[\"d\",\"e\"]", "[\"d\",\"c\"]"), true)
                        .clientMessage())
                .contains("'oneOf'");
    }

    @Test
    void tellsAlternativesOfALaxSchemaApartWhereThatCanBe() {
        assertThat(occurrences("required=[k]", lenient("""
                {"oneOf":[{"type":"object","properties":{"k":{"const":"c"}}},
                          {"type":"object","properties":{"k":{"const":"d"}}}]}"""))).isEqualTo(2);
        assertThat(lenient("{\"oneOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}"))
                .isEqualTo(kept("{\"anyOf\":[{\"type\":\"integer\"},{\"type\":\"number\"}]}"));
    }

    /** As pydantic writes {@code kind: Literal["c"] = "c"}: with a default, and so not required. */
    @Test
    void wantsTheTagThatTellsAlternativesApart() {
        String union = """
                {"oneOf":[{"$ref":"#/$defs/c"},{"$ref":"#/$defs/d"}],"discriminator":{"propertyName":"k"},
                 "$defs":{"c":{"type":"object","properties":{"j":{"const":1},"k":{"const":"c","default":"c"}}},
                          "d":{"type":"object","properties":{"j":{"const":2},"k":{"const":"d"},
                               "next":{"oneOf":[{"$ref":"#/$defs/d"},{"$ref":"#/$defs/c"}],"discriminator":{"propertyName":"k"}}},
                               "required":["next"]}}}""";
        String read = """
                {"anyOf":[{"$ref":"#/$defs/d0"},{"$ref":"#/$defs/d1"}],
                 "$defs":{"d0":{"type":"object","properties":{"j":{"const":1},"k":{"const":"c"}},"required":["k"],"additionalProperties":false},
                          "d1":{"type":"object","properties":{"j":{"const":2},"k":{"const":"d"},
                                "next":{"anyOf":[{"$ref":"#/$defs/d1"},{"$ref":"#/$defs/d0"}]}},"required":["next","k"],"additionalProperties":false}}}""";
        assertThat(strict(union)).isEqualTo(kept(read));
        String undiscriminated = union.replace("\"discriminator\":{\"propertyName\":\"k\"}", "\"title\":\"x\"");
        assertThat(strict(undiscriminated)).contains("required=[j]", "required=[next, j]");
    }

    @Test
    void takesAChoiceInsideOfAChoice() {
        String nested = """
                {"oneOf":[{"$ref":"#/$defs/pair"},{"type":"object","properties":{"k":{"const":"c"}}}],
                 "$defs":{"pair":{"title":"Pair","oneOf":[{"type":"object","properties":{"k":{"const":"a"}},"required":["k"]},
                                                          {"type":"object","properties":{"k":{"const":"b"}}}]}}}""";
        String object = "{type=object, properties={k={const=%s}}, required=[k], additionalProperties=false}";
        assertThat(strict(nested))
                .isEqualTo("{anyOf=[%s, %s, %s]}"
                        .formatted(object.formatted("a"), object.formatted("b"), object.formatted("c")));
        assertThat(refusal(nested.replace("\"title\":\"Pair\"", "\"minProperties\":1"), true)
                        .clientMessage())
                .contains("'oneOf'");
    }
}
