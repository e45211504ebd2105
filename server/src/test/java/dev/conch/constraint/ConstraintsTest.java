package dev.conch.constraint;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.chat.PlainJson;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.openai.ResponseFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConstraintsTest {
    private static final String PARAM = "response_format.json_schema.schema";

    @Test
    void makesNothingOfText() {
        assertThat(Constraints.of(new ResponseFormat.Text())).isNull();
        assertThat(Constraints.of(new ResponseFormat.JsonObject())).isEqualTo(new AnyJson());
        assertThat(format("{}", true)).isEqualTo(new AnyJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {"type":"object","properties":{"b":{"type":"string"},"a":{"type":"integer"}},"required":["a","b"],"additionalProperties":false} | =
                {"type":["string","null"],"maxLength":3} | =
                {"title":"T","description":"d","default":1,"examples":[1],"deprecated":true,"type":"integer"} | {"type":"integer"}
                {"enum":["a",1,null]} | =
                {"enum":["a",1,null],"type":["string","null"]} | {"enum":["a",null]}
                {"const":{"x":[1]}} | =
                {"type":"number","minimum":0.5,"exclusiveMaximum":2} | =
                {"type":"integer","minimum":0.5,"exclusiveMaximum":2.5,"maximum":9} | {"type":"integer","minimum":1,"maximum":9,"exclusiveMaximum":3}
                {"type":"integer","multipleOf":5,"minimum":-7,"exclusiveMaximum":10} | {"enum":[-5,0,5]}
                {"type":["number","null"],"multipleOf":0.25,"exclusiveMinimum":0,"maximum":0.8} | {"enum":[0.25,0.5,0.75,null]}
                {"type":"integer","multipleOf":2.5,"minimum":1,"maximum":10} | {"enum":[5,10]}
                {"type":"integer","multipleOf":0.5,"minimum":1} | {"type":"integer","minimum":1}
                {"minimum":3} | {"type":"number","minimum":3}
                {"minItems":1.0} | {"type":"array","minItems":1}
                {"properties":{"a":true}} | {"type":"object","properties":{"a":true},"additionalProperties":false}
                {"properties":{"a":true},"additionalProperties":true} | {"type":"object","properties":{"a":true},"additionalProperties":true}
                {"type":"object","required":["a"],"additionalProperties":{"type":"null"}} | {"type":"object","properties":{"a":{"type":"null"}},"required":["a"],"additionalProperties":{"type":"null"}}
                {"type":"array","prefixItems":[{"type":"null"}],"items":false,"minItems":1,"maxItems":4} | =
                {"type":"array","uniqueItems":false,"items":{"type":"null"}} | {"type":"array","items":{"type":"null"}}
                {"type":"string","format":"date-time"} | =
                {"type":"string","format":"colour"} | {"type":"string"}
                {"type":"string","pattern":"^\\\\d.$"} | {"type":"string","pattern":"^[0-9][^\\\\n]$"}
                {"anyOf":[{"type":"null"},{"type":"string"}],"title":"t"} | {"anyOf":[{"type":"null"},{"type":"string"}]}
                {"oneOf":[{"type":"null"},{"type":["string","number"]}]} | {"anyOf":[{"type":"null"},{"type":["string","number"]}]}
                {"oneOf":[{"const":1},{"enum":[2,"x"]}]} | {"anyOf":[{"const":1},{"enum":[2,"x"]}]}
                {"allOf":[{"type":"null"}],"default":null} | {"type":"null"}
                {"$ref":"#/definitions/a~1b%20c","definitions":{"a/b c":{"type":"null"},"unused":{"not":{}}}} | {"$ref":"#/$defs/d0","$defs":{"d0":{"type":"null"}}}
                {"$ref":"#n","$defs":{"x":{"$anchor":"n","type":"null"}}} | {"$ref":"#/$defs/d0","$defs":{"d0":{"type":"null"}}}
                {"type":"object","properties":{"next":{"$ref":"#"}},"additionalProperties":false} | {"type":"object","properties":{"next":{"$ref":"#/$defs/d0"}},"additionalProperties":false,"$defs":{"d0":{"type":"object","properties":{"next":{"$ref":"#/$defs/d0"}},"additionalProperties":false}}}
                {"type":"integer","minimum":-9007199254740991,"maximum":9007199254740991} | {"type":"integer"}
                {"type":"string","format":"email","pattern":"^(?!a)b$","minLength":1} | {"type":"string","format":"email"}
                {"type":"string","pattern":"a","maxLength":3} | {"type":"string","pattern":"a"}
                {"const":"cat","enum":["cat"],"type":"string"} | {"const":"cat"}
                {"type":"object","propertyNames":{"type":"string"},"additionalProperties":{"type":"null"}} | {"type":"object","additionalProperties":{"type":"null"}}
                {"type":"array","items":{"$ref":"#/$defs/t"},"$defs":{"t":{"type":"array","items":{"$ref":"#/$defs/t"}}}} | {"type":"array","items":{"$ref":"#/$defs/d0"},"$defs":{"d0":{"type":"array","items":{"$ref":"#/$defs/d0"}}}}
                {"$id":"https://a.b/c","$schema":"http://json-schema.org/draft-07/schema#","type":"null"} | {"type":"null"}
                {"type":"null","nonsense":[1],"x-guidance":{"lenient":true}} | {"type":"null"}
                """)
    void keepsWhatEnginesEnforce(String schema, String kept) {
        Object expected = PlainJson.read(kept.equals("=") ? schema : kept);
        assertThat(format(schema, false))
                .isInstanceOfSatisfying(
                        JsonSchema.class,
                        read -> assertThat(read.schema().toString()).isEqualTo(String.valueOf(expected)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {"type":"object","properties":{"a":{"type":"sting"}}} | .properties.a.type | draft 2020-12
                {"type":"array","items":[{"type":"null"}]} | .items | draft 2020-12
                {"minLength":-1} | .minLength | draft 2020-12
                {"required":"a"} | .required | draft 2020-12
                {"enum":7} | .enum | draft 2020-12
                {"properties":{"a":{"not":{}}}} | .properties.a.not | 'not'
                {"if":{}} | .if | 'if'
                {"type":"array","uniqueItems":true} | .uniqueItems | 'uniqueItems'
                {"type":"array","contains":{}} | .contains | 'contains'
                {"type":"object","patternProperties":{"a":{}}} | .patternProperties | 'patternProperties'
                {"type":"object","propertyNames":{"maxLength":3}} | .propertyNames | 'propertyNames'
                {"type":"object","minProperties":1} | .minProperties | 'minProperties'
                {"type":"object","unevaluatedProperties":false} | .unevaluatedProperties | 'unevaluatedProperties'
                {"type":"object","dependentSchemas":{"a":{}}} | .dependentSchemas | 'dependentSchemas'
                {"type":"integer","multipleOf":5} | .multipleOf | between two bounds
                {"type":"integer","multipleOf":5,"minimum":0,"maximum":5000} | .multipleOf | at most 1000
                {"type":"number","multipleOf":1e-300,"minimum":0,"maximum":1} | .multipleOf | at most 1000
                {"type":["integer","string"],"multipleOf":5,"minimum":0,"maximum":9} | .multipleOf | for numbers
                {"type":"integer","multipleOf":7,"minimum":1,"maximum":6} | .multipleOf | no multiple
                {"allOf":[{"type":"null"},{}]} | .allOf | 'allOf'
                {"anyOf":[{"type":"null"}],"properties":{"a":{}}} | .properties | 'properties' beside 'anyOf'
                {"$ref":"#/$defs/a","minimum":1,"$defs":{"a":{}}} | .minimum | 'minimum' beside '$ref'
                {"enum":["a"],"maxLength":3} | .maxLength | 'maxLength' beside 'enum'
                {"oneOf":[{"type":"integer"},{"type":"number"}]} | .oneOf | 'oneOf'
                {"oneOf":[{"type":"object"},{"type":"object"}]} | .oneOf | 0 and 1 are not
                {"minLength":1,"minimum":1} | | 'type'
                {"type":"string","pattern":"a(?=b)"} | | lookahead
                {"type":"array","minItems":3,"maxItems":2} | .minItems | 'maxItems'
                {"type":"array","prefixItems":[{}],"items":false,"minItems":2} | .minItems | 1 items
                {"type":"integer","minimum":3,"exclusiveMaximum":3} | | bounds
                {"type":"object","required":["a"],"additionalProperties":false} | .required | forbids
                {"enum":["a"],"type":"null"} | .enum | conforms
                {"properties":{"a":false}} | .properties.a | 'false'
                {"properties":{"a":{"$id":"b"}}} | .properties.a.$id | '$id'
                {"properties":{"a":{"$ref":"other.json"}}} | .properties.a.$ref | nothing is fetched
                """)
    void refusesByNameWhatNoEngineEnforces(String schema, String place, String word) {
        for (boolean strict : List.of(true, false)) {
            GenerationException refusal = refusal(schema, strict);
            assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_JSON_SCHEMA);
            assertThat(refusal.clientMessage()).contains(word);
            assertThat(refusal.param()).startsWith(PARAM + (place == null ? "" : place));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"null\",\"descripton\":\"x\"}", "{\"type\":\"string\",\"format\":\"colour\"}"})
    void refusesInAStrictSchemaWhatMeansNothing(String schema) {
        assertThat(format(schema, false)).isInstanceOf(JsonSchema.class);
        assertThat(refusal(schema, true).code()).isEqualTo(ErrorCode.INVALID_JSON_SCHEMA);
    }

    /** As zod writes {@code startsWith}: the pattern says the same. */
    @Test
    void takesAFormatThatNobodyKnowsBesideAPattern() {
        assertThat(format("{\"type\":\"string\",\"format\":\"starts_with\",\"pattern\":\"^ab.*\"}", true))
                .isInstanceOfSatisfying(
                        JsonSchema.class,
                        read -> assertThat(read.schema().toString()).startsWith("{type=string, pattern=^ab"));
    }

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
        assertThat(((JsonSchema) requireNonNull(format(union, true))).schema().toString())
                .isEqualTo(String.valueOf(PlainJson.read(read)));
        String undiscriminated = union.replace("\"discriminator\":{\"propertyName\":\"k\"}", "\"title\":\"x\"");
        assertThat(((JsonSchema) requireNonNull(format(undiscriminated, true)))
                        .schema()
                        .toString())
                .contains("required=[j]", "required=[next, j]");
    }

    @Test
    void takesAChoiceInsideOfAChoice() {
        String nested = """
                {"oneOf":[{"$ref":"#/$defs/pair"},{"type":"object","properties":{"k":{"const":"c"}}}],
                 "$defs":{"pair":{"title":"Pair","oneOf":[{"type":"object","properties":{"k":{"const":"a"}},"required":["k"]},
                                                          {"type":"object","properties":{"k":{"const":"b"}}}]}}}""";
        String object = "{type=object, properties={k={const=%s}}, required=[k], additionalProperties=false}";
        assertThat(((JsonSchema) requireNonNull(format(nested, true))).schema().toString())
                .isEqualTo("{anyOf=[%s, %s, %s]}"
                        .formatted(object.formatted("a"), object.formatted("b"), object.formatted("c")));
        assertThat(refusal(nested.replace("\"title\":\"Pair\"", "\"minProperties\":1"), true)
                        .clientMessage())
                .contains("'oneOf'");
    }

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
        String parameters = ((JsonSchema) parameters(steps, false)).schema().toString();
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
        assertThat(((JsonSchema) lax).schema().toString()).isEqualTo(String.valueOf(PlainJson.read("""
                        {"type":"object","properties":{"a":{"type":"array","items":{"type":"integer"}}},"required":["a"],
                         "additionalProperties":false}""")));
        assertThat(catchThrowableOfType(GenerationException.class, () -> parameters("{\"minProperties\":1}", true))
                        .param())
                .isEqualTo("tools[0].function.parameters.minProperties");
    }

    @Test
    void laxParametersKeepTheirTypesWhateverElseTheySay() {
        OutputConstraint lax = parameters("""
                {"type":"object","properties":{"a":{"type":"string","pattern":"^(?!x)y$"},"b":{"type":"string","maxLength":65536},
                 "c":{"type":"integer","maximum":1e18}},"anyOf":[{"required":["a"]},{"required":["b"]}]}""", false);
        assertThat(((JsonSchema) lax).schema().toString()).isEqualTo(String.valueOf(PlainJson.read("""
                        {"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"},"c":{"type":"integer"}},
                         "additionalProperties":false}""")));
    }

    @Test
    void showsLittleOfWhatAClientNamed() {
        String schema = "{\"properties\":{\"" + "n".repeat(500) + "\":{\"not\":{}}}}";
        GenerationException refusal = refusal(schema, false);
        assertThat(refusal.param()).hasSizeLessThan(PARAM.length() + 110).contains("nnn…");
        assertThat(refusal.clientMessage()).doesNotContain("n".repeat(101));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                abc | abc
                ^a;b$ | a;b
                \\d+\\D | [0-9]+[^0-9]
                \\s\\w | [\\t-\\n\f-\\r ][0-9A-Z_a-z]
                . | [^\\n]
                (?P<year>\\d{4})-(?<m>\\d\\d) | [0-9]{4}-[0-9][0-9]
                (?:a;b)+? | (?:a;b)+
                ((a*)*)+ | a*
                [^\\x00-\\x20] | [!-\uDBFF\uDFFF]
                [\\^a-] | [a\\-\\^]
                [\\^] | \\^
                [[:digit:]x] | [0-9x]
                [^\\D] | [0-9]
                \\u0041\\x42\\x{43} | ABC
                a{2}b{3,}c{0,1} | a{2}b{3,}c?
                \\{a\\} {x} | \\{a\\} \\{x\\}
                a{0} | ``
                (a;) | a;
                """)
    void writesPatternsInWordsThatAllEnginesShare(String pattern, String shared) {
        assertThat(Constraints.of(new ResponseFormat.Regex(pattern.replace(';', '|'), "guided_regex")))
                .isEqualTo(new Regex(shared == null ? "" : shared.replace(';', '|')));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a^b",
                "a$b",
                "(^a)*",
                "(a$)b",
                "\\bfoo",
                "(?i)a",
                "(?P=n)",
                "\\k<n>",
                "\\Qa\\E",
                "\\C",
                "[[:nonsense:]]",
                "a{,5}",
                "x\\0",
                "[^\\x00-\\x{10FFFF}]",
                "\\x{D800}",
                "\\u12",
                ")",
                "*",
                "(?<1",
                "(?<n",
                "a{2}{3}",
                "[a",
                "[a-\\d"
            })
    void refusesPatternsThatEnginesDoNotShare(String pattern) {
        var refusal = catchThrowableOfType(
                GenerationException.class, () -> Constraints.of(new ResponseFormat.Regex(pattern, "guided_regex")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_GRAMMAR);
        assertThat(refusal.param()).isEqualTo("guided_regex");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                root ::= "a" ; "b" | root ::= "a" ; "b"~
                x-y ::= [0-9]+~root ::= x-y? # comment | root ::= r1?~r1 ::= [0-9]+~
                root ::= a ;~  b~a::="x"~b ::= ("y")* | root ::= r1 ; r2~r1 ::= "x"~r2 ::= "y"*~
                root ::= ("a"+)? [^^\\]-] | root ::= ("a"+ "")? [^-\\]^]~
                root ::= "\\u0001a\\"\\/" | root ::= "\\x01" "a\\"/"~
                root ::= "(" root ")" ; "" | root ::= ("(" root ")") ; ""~
                root ::= "a"{ 2 , 3 } "b"{2} "c"{1,} | root ::= "a"{2,3} "b"{2} "c"+~
                """)
    void writesGrammarsInWordsThatAllEnginesShare(String grammar, String shared) {
        String asked = grammar.replace('~', '\n').replace(';', '|');
        assertThat(Constraints.of(new ResponseFormat.Grammar(asked, "guided_grammar")))
                .isEqualTo(new Ebnf(shared.replace('~', '\n').replace(';', '|')));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                root ::= . | '.'
                root ::= Regex("a") | macros
                root[max_tokens=3] ::= "a" | options
                root ::= (="a") | lookahead
                root ::= [\\d] | escape
                root ::= [] | without characters
                root ::= "a" "\\x123" | two digits
                root ::= "a"~root ::= "b" | twice
                root ::= "a"{,3} | repeat
                root ::= "a" ) | name of a rule
                root = "a" | '::='
                root ::= x~x ::= "" x | never comes to an end
                root ::= "" root ; "a" | begins with itself
                root ::= a~a ::= "x"~b ::= c | 'c' is not defined
                """)
    void refusesGrammarsByWhatIsWrong(String grammar, String word) {
        var refusal = catchThrowableOfType(
                GenerationException.class,
                () -> Constraints.of(
                        new ResponseFormat.Grammar(grammar.replace('~', '\n').replace(';', '|'), "guided_grammar")));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_GRAMMAR);
        assertThat(refusal.clientMessage()).contains(word);
    }

    @Test
    void spellsChoicesAsAGrammar() {
        assertThat(Constraints.of(
                        new ResponseFormat.Choice(List.of("yes", "n\"o\\\n", "yes", "\u0007!"), "guided_choice")))
                .isEqualTo(new Ebnf("root ::= \"yes\" | \"n\\\"o\\\\\\n\" | (\"\\x07\" \"!\")\n"));
    }

    private static @Nullable OutputConstraint format(String schema, boolean strict) {
        return Constraints.of(
                strict
                        ? new ResponseFormat.JsonSchema(object(schema), true, PARAM)
                        : new ResponseFormat.GuidedJson(object(schema), PARAM));
    }

    private static GenerationException refusal(String schema, boolean strict) {
        var refusal = catchThrowableOfType(GenerationException.class, () -> format(schema, strict));
        assertThat(refusal).as(schema).isNotNull();
        return refusal;
    }

    private static String lenient(String schema) {
        OutputConstraint read = Constraints.of(new ResponseFormat.JsonSchema(object(schema), false, PARAM));
        return ((JsonSchema) requireNonNull(read)).schema().toString();
    }

    private static String kept(String schema) {
        return String.valueOf(PlainJson.read(schema));
    }

    private static int occurrences(String word, String text) {
        return text.split(Pattern.quote(word), -1).length - 1;
    }

    /** An object of so many properties, {@code p0} and on, all alike. */
    private static String properties(int count, String schema) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"p%d\":%s".formatted(i, schema))
                .collect(joining(",", "{\"type\":\"object\",\"properties\":{", "}}"));
    }

    private static OutputConstraint parameters(String schema, boolean strict) {
        return Constraints.parameters(object(schema), strict, "tools[0].function.parameters");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(String json) {
        return Objects.requireNonNull((Map<String, @Nullable Object>) PlainJson.read(json));
    }
}
