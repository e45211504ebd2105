package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.engine.EngineRequests;
import dev.conch.generation.EngineFeature;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.AnyJson;
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
import dev.conch.proto.inference.ModelInferRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuideTest {
    private static final String ALL = "json,json_schema,regex,ebnf_grammar,structural_tag";

    @Test
    void simpleConstraintsHaveTypesOfTheirOwn() {
        assertThat(Guide.of(new AnyJson())).isEqualTo(new Guide(Guide.Type.JSON, null));
        assertThat(Guide.of(new Regex("a+"))).isEqualTo(new Guide(Guide.Type.REGEX, "a+"));
        assertThat(Guide.of(new Ebnf("root ::= \"a\"")))
                .isEqualTo(new Guide(Guide.Type.EBNF_GRAMMAR, "root ::= \"a\""));
    }

    @Test
    void aSchemaIsWrittenInTheClientsOrder() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("z", Map.of("enum", List.of(1L, 2.5, "\"é\"", true)));
        properties.put("a", Map.of());
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("default", null);
        assertThat(Guide.of(new JsonSchema(schema)).text())
                .isEqualTo(
                        "{\"type\":\"object\",\"properties\":{\"z\":{\"enum\":[1,2.5,\"\\\"é\\\"\",true]},\"a\":{}},\"default\":null}");
    }

    @Test
    void everythingElseIsAStructuralTag() {
        var call = new Tag("<f>", new JsonSchema(Map.of("type", "object")), "</f>");
        assertThat(tag(new TriggeredTags(List.of("<"), List.of(call), false, true)))
                .isEqualTo("{\"type\":\"triggered_tags\",\"triggers\":[\"<\"],\"tags\":["
                        + "{\"type\":\"tag\",\"begin\":\"<f>\","
                        + "\"content\":{\"type\":\"json_schema\",\"json_schema\":{\"type\":\"object\"}},\"end\":\"</f>\"}],"
                        + "\"at_least_one\":false,\"stop_after_first\":true}");
        assertThat(tag(new SeparatedTags(List.of(new Tag("a", new AnyText(), "b")), ", ", true, false)))
                .isEqualTo("{\"type\":\"tags_with_separator\",\"tags\":["
                        + "{\"type\":\"tag\",\"begin\":\"a\",\"content\":{\"type\":\"any_text\"},\"end\":\"b\"}],"
                        + "\"separator\":\", \",\"at_least_one\":true,\"stop_after_first\":false}");
        assertThat(tag(new Sequence(List.of(new Literal("x"), new OneOf(List.of(new Regex("y"), new Ebnf("z")))))))
                .isEqualTo("{\"type\":\"sequence\",\"elements\":[{\"type\":\"const_string\",\"value\":\"x\"},"
                        + "{\"type\":\"or\",\"elements\":[{\"type\":\"regex\",\"pattern\":\"y\"},"
                        + "{\"type\":\"grammar\",\"grammar\":\"z\"}]}]}");
        assertThat(tag(new OneOf(List.of(new AnyJson()))))
                .contains("{\"type\":\"json_schema\",\"json_schema\":{\"type\":\"object\"}}");
    }

    private static String tag(OutputConstraint constraint) {
        Guide guide = Guide.of(constraint);
        assertThat(guide.type()).isEqualTo(Guide.Type.STRUCTURAL_TAG);
        String text = String.valueOf(guide.text());
        String head = "{\"type\":\"structural_tag\",\"format\":";
        assertThat(text).startsWith(head).endsWith("}");
        return text.substring(head.length(), text.length() - 1);
    }

    @Test
    void isSentAsTwoTexts() throws Exception {
        ModelInferRequest message = encode(new Regex("ä"), model(ALL));
        assertThat(text(message, "guided_decoding_guide_type")).isEqualTo("regex");
        assertThat(text(message, "guided_decoding_guide")).isEqualTo("ä");
    }

    @Test
    void anyJsonNeedsNoGuide() throws Exception {
        ModelInferRequest message = encode(new AnyJson(), model(ALL));
        assertThat(text(message, "guided_decoding_guide_type")).isEqualTo("json");
        assertThat(message.getInputsList()).noneMatch(input -> input.getName().equals("guided_decoding_guide"));
    }

    @Test
    void isNotThereUnlessAskedFor() throws Exception {
        ModelInferRequest message = new TensorCodec(() -> 0)
                .encode(EngineRequests.request(), model(ALL).read());
        assertThat(message.getInputsList()).noneMatch(input -> input.getName().startsWith("guided"));
    }

    @Test
    void whatTheModelCannotBeHeldToIsRefused() {
        assertThatThrownBy(() -> encode(new Literal("x"), model("json,regex")))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.UNSUPPORTED_PARAMETER);
                    assertThat(error.param()).isEqualTo("response_format");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "guided_decoding_types | json,json_schema,regex,ebnf_grammar,structural_tag | true | true",
                "guided_decoding_types | json,json_schema | true | false",
                "guided_decoding_backend | xgrammar | true | false",
                "guided_decoding_backend | ${guided_decoding_backend} | false | false",
                "other | x | false | false"
            })
    void aModelSaysWhatItCanBeHeldTo(String parameter, String value, boolean json, boolean tags) throws Exception {
        var features = new ModelDescriptions()
                .withoutParameter("guided_decoding_types")
                .withParameter(parameter, value)
                .read()
                .forEngine()
                .features();
        assertThat(features.contains(EngineFeature.GUIDED_JSON)).isEqualTo(json);
        assertThat(features.contains(EngineFeature.STRUCTURAL_TAG)).isEqualTo(tags);
    }

    private static ModelDescriptions model(String types) {
        return new ModelDescriptions().withParameter("guided_decoding_types", types);
    }

    private static ModelInferRequest encode(OutputConstraint constraint, ModelDescriptions model) throws Exception {
        GenerationRequest plain = EngineRequests.request();
        var request = new GenerationRequest(
                plain.id(),
                plain.engineModel(),
                plain.promptTokenIds(),
                plain.sampling(),
                plain.stop(),
                plain.choices(),
                plain.topLogprobs(),
                plain.streaming(),
                constraint,
                null);
        return new TensorCodec(() -> 0).encode(request, model.read());
    }

    /** The one element of a BYTES tensor: its length, then UTF-8. */
    private static String text(ModelInferRequest message, String tensor) {
        for (int i = 0; i < message.getInputsCount(); i++) {
            if (message.getInputs(i).getName().equals(tensor)) {
                assertThat(message.getInputs(i).getDatatype()).isEqualTo("BYTES");
                assertThat(message.getInputs(i).getShapeList()).containsExactly(1L, 1L);
                byte[] raw = message.getRawInputContents(i).toByteArray();
                assertThat(raw[0]).isEqualTo((byte) (raw.length - 4));
                return new String(raw, 4, raw.length - 4, StandardCharsets.UTF_8);
            }
        }
        throw new AssertionError(tensor + ": not sent");
    }
}
