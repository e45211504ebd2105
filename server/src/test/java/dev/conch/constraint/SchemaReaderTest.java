package dev.conch.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.chat.PlainJson;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint.JsonSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a schema that has to be enforced, and what is refused. */
class SchemaReaderTest extends SchemaTest {
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
    void showsLittleOfWhatAClientNamed() {
        String schema = "{\"properties\":{\"" + "n".repeat(500) + "\":{\"not\":{}}}}";
        GenerationException refusal = refusal(schema, false);
        assertThat(refusal.param()).hasSizeLessThan(PARAM.length() + 110).contains("nnn…");
        assertThat(refusal.clientMessage()).doesNotContain("n".repeat(101));
    }
}
