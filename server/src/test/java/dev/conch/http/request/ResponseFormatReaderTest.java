package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ResponseFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseFormatReaderTest {
    @Test
    void readsResponseFormat() {
        assertThat(read("")).isEqualTo(new ResponseFormat.Text());
        assertThat(read(",\"response_format\":{\"type\":\"text\"}")).isEqualTo(new ResponseFormat.Text());
        assertThat(read(",\"response_format\":{\"type\":\"json_object\"}")).isEqualTo(new ResponseFormat.JsonObject());
        assertThat(read(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\"}}"))
                .isEqualTo(new ResponseFormat.JsonSchema(Map.of(), false, "response_format.json_schema.schema"));
        var tag = (ResponseFormat.StructuralTag)
                read(",\"response_format\":{\"type\":\"structural_tag\",\"format\":{\"type\":\"any_text\"}}");
        assertThat(tag.tag().toString()).isEqualTo("{type=structural_tag, format={type=any_text}}");
        assertThat(tag.param()).isEqualTo("response_format");
    }

    @Test
    void keepsTheOrderOfASchema() {
        var format = (ResponseFormat.JsonSchema) read("""
                ,"response_format":{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"z":1,"a":{"y":null,"b":2.5}}}}""");
        assertThat(format.strict()).isTrue();
        assertThat(format.schema().toString()).isEqualTo("{z=1, a={y=null, b=2.5}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                "guided_json":{"a":1} | GuidedJson[schema={a=1}, param=guided_json]
                "guided_json":"{\\"a\\":1}" | GuidedJson[schema={a=1}, param=guided_json]
                "guided_regex":"a+" | Regex[pattern=a+, param=guided_regex]
                "guided_choice":["a","b"] | Choice[choices=[a, b], param=guided_choice]
                "guided_grammar":"root" | Grammar[grammar=root, param=guided_grammar]
                "structural_tag":"{\\"format\\":{}}" | StructuralTag[tag={format={}}, param=structural_tag]
                "structured_outputs":{"json":"{}","regex":null,"disable_any_whitespace":false} | GuidedJson[schema={}, param=structured_outputs.json]
                "structured_outputs":{"regex":"a"} | Regex[pattern=a, param=structured_outputs.regex]
                "structured_outputs":{"choice":["a"]} | Choice[choices=[a], param=structured_outputs.choice]
                "structured_outputs":{"grammar":"g"} | Grammar[grammar=g, param=structured_outputs.grammar]
                "structured_outputs":{"json_object":true} | JsonObject[]
                "structured_outputs":{"structural_tag":{"a":1}} | StructuralTag[tag={a=1}, param=structured_outputs.structural_tag]
                "guided_regex":"a","response_format":{"type":"text"} | Regex[pattern=a, param=guided_regex]
                """)
    void readsExtensions(String field, String format) {
        assertThat(read("," + field).toString()).isEqualTo(format);
        assertThat(readCompletion("," + field).toString()).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                "guided_regex":"a","response_format":{"type":"json_object"} | INVALID_VALUE | guided_regex
                "structural_tag":{},"guided_choice":["a"] | INVALID_VALUE | structural_tag
                "structured_outputs":{"regex":"a","choice":["b"]} | INVALID_VALUE | structured_outputs.choice
                "structured_outputs":{} | INVALID_VALUE | structured_outputs
                "structured_outputs":{"whitespace_pattern":"a"} | UNSUPPORTED_PARAMETER | structured_outputs.whitespace_pattern
                "structured_outputs":{"choice":[1]} | INVALID_TYPE | structured_outputs.choice[0]
                "guided_choice":[] | INVALID_VALUE | guided_choice
                "guided_json":"{" | INVALID_VALUE | guided_json
                "guided_json":"[1]" | INVALID_VALUE | guided_json
                "guided_json":7 | INVALID_TYPE | guided_json
                "guided_decoding_backend":"x" | UNSUPPORTED_PARAMETER | guided_decoding_backend
                "guided_whitespace_pattern":"x" | UNSUPPORTED_PARAMETER | guided_whitespace_pattern
                """)
    void refusesByName(String field, ErrorCode code, String param) {
        var refusal = catchThrowableOfType(GenerationException.class, () -> read("," + field));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.param()).isEqualTo(param);
    }

    @Test
    void refusesAnEmbeddedTextThatIsTooDeep() {
        String deep = "{\\\"a\\\":".repeat(200) + "1" + "}".repeat(200);
        var refusal = catchThrowableOfType(GenerationException.class, () -> read(",\"guided_json\":\"" + deep + "\""));
        assertThat(List.of(refusal.code(), String.valueOf(refusal.param())))
                .isEqualTo(List.of(ErrorCode.GRAMMAR_TOO_COMPLEX, "guided_json"));
    }

    private static ResponseFormat read(String fields) {
        String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + fields + "}";
        return ChatCompletionRequestReader.read(parameters(body, Endpoint.CHAT)).responseFormat();
    }

    private static ResponseFormat readCompletion(String fields) {
        String body = "{\"model\":\"m\",\"prompt\":\"hi\"" + fields + "}";
        return CompletionRequestReader.read(parameters(body, Endpoint.COMPLETIONS))
                .responseFormat();
    }

    private static RequestParameters parameters(String body, Endpoint endpoint) {
        return RequestParameters.of(body.getBytes(StandardCharsets.UTF_8), endpoint, RequestLimits.DEFAULT);
    }
}
