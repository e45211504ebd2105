package dev.conch.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.chat.PlainJson;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyText;
import dev.conch.generation.OutputConstraint.Ebnf;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Literal;
import dev.conch.generation.OutputConstraint.OneOf;
import dev.conch.generation.OutputConstraint.Regex;
import dev.conch.generation.OutputConstraint.SeparatedTags;
import dev.conch.generation.OutputConstraint.Sequence;
import dev.conch.generation.OutputConstraint.Tag;
import dev.conch.generation.OutputConstraint.TriggeredTags;
import dev.conch.openai.ResponseFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StructuralTagReaderTest {
    private static final Constraints CONSTRAINTS = new Constraints(System::nanoTime);

    private static final JsonSchema NULL = new JsonSchema(Map.of("type", "null"));

    @Test
    void readsEveryKind() {
        OutputConstraint read = read("""
                {"type":"structural_tag","format":{"type":"sequence","elements":[
                  {"type":"tag","begin":"<think>","content":{"type":"any_text"},"end":["</think>"]},
                  {"type":"or","elements":[{"type":"const_string","value":"a"},{"type":"regex","pattern":"\\\\d"},
                                           {"type":"grammar","grammar":"root ::= \\"x\\""}]},
                  {"type":"tags_with_separator","tags":[{"type":"tag","begin":"[","content":{"type":"json_schema","json_schema":{"type":"null"}},"end":"]"}],
                   "separator":",","at_least_one":true},
                  {"type":"triggered_tags","triggers":["<f"],"tags":[{"begin":"<f=g>","content":{"type":"json_schema","json_schema":{"type":"null"}},"end":"</f>"}],
                   "stop_after_first":true}]}}""");
        assertThat(read)
                .isEqualTo(new Sequence(List.of(
                        new Tag("<think>", new AnyText(), "</think>"),
                        new OneOf(List.of(new Literal("a"), new Regex("[0-9]"), new Ebnf("root ::= \"x\"\n"))),
                        new SeparatedTags(List.of(new Tag("[", NULL, "]")), ",", true, false),
                        new TriggeredTags(List.of("<f"), List.of(new Tag("<f=g>", NULL, "</f>")), false, true))));
    }

    @Test
    void readsTheOlderForm() {
        assertThat(read("""
                {"type":"structural_tag","triggers":["<f="],
                 "structures":[{"begin":"<f=a>","schema":{"type":"null"},"end":"</f>"}]}"""))
                .isEqualTo(new TriggeredTags(List.of("<f="), List.of(new Tag("<f=a>", NULL, "</f>")), false, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {"type":"structural_tag"} | .format | object
                {"format":{"type":"token"}} | .format.type | 'token'
                {"format":{"type":"const_string"}} | .format.value | text
                {"format":{"type":"const_string","value":"a","lazy":true}} | .format.lazy | 'lazy'
                {"format":{"type":"any_text","excludes":["a"]}} | .format.excludes | empty
                {"format":{"type":"json_schema","json_schema":{},"style":"qwen_xml"}} | .format.style | 'json'
                {"format":{"type":"json_schema","json_schema":{},"any_order":true}} | .format.any_order | false
                {"format":{"type":"sequence","elements":[]}} | .format.elements | not empty
                {"format":{"type":"sequence","elements":[{"type":"any_text"},{"type":"any_text"}]}} | .format.elements[0] | without an end
                {"format":{"type":"triggered_tags","triggers":["x"],"tags":[{"begin":"a","content":{"type":"any_text"},"end":"b"}]}} | .format.triggers | 0 of the triggers
                {"format":{"type":"triggered_tags","triggers":["a"],"tags":[{"begin":"a","content":{"type":"any_text"},"end":""}]}} | .format.tags[0] | not empty
                {"triggers":["a"],"structures":[{"begin":"a","schema":{},"end":"b","x":1}]} | .structures[0].x | 'x'
                {"triggers":[""],"structures":[{"begin":"a","schema":{},"end":"b"}]} | .triggers[0] | not empty
                {"format":{"type":"regex","pattern":"("}} | .format.pattern | ')'
                """)
    void refusesByName(String tag, String place, String word) {
        var refusal = catchThrowableOfType(GenerationException.class, () -> read(tag));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_GRAMMAR);
        assertThat(refusal.param()).startsWith("structural_tag" + place);
        assertThat(refusal.clientMessage()).contains(word);
    }

    @Test
    void namesTheKeywordOfASchemaInside() {
        var refusal = catchThrowableOfType(
                GenerationException.class,
                () -> read("{\"format\":{\"type\":\"json_schema\",\"json_schema\":{\"not\":{}}}}"));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_JSON_SCHEMA);
        assertThat(refusal.param()).isEqualTo("structural_tag.format.json_schema.not");
    }

    @SuppressWarnings("unchecked")
    private static @Nullable OutputConstraint read(String tag) {
        var object = Objects.requireNonNull((Map<String, @Nullable Object>) PlainJson.read(tag));
        return CONSTRAINTS.of(new ResponseFormat.StructuralTag(object, "structural_tag"));
    }
}
