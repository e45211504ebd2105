package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownFieldsTest {
    private static final String CHAT =
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true,%s}";

    @Test
    void namesWhatNobodyDefined() {
        assertThat(ignored(
                        Endpoint.CHAT,
                        CHAT.formatted("\"x_b\":1,\"a\":null,\"stream_options\":{\"include_all\":true}")))
                .containsExactly("x_b", "a", "stream_options.include_all");
        assertThat(ignored(Endpoint.CHAT, CHAT.formatted("\"stream_options.include_usage\":true")))
                .containsExactly("stream_options.include_usage");
        assertThat(ignored(Endpoint.CHAT, CHAT.formatted("\"top_k\":3,\"mirostat\":0")))
                .isEmpty();
    }

    @Test
    void namesWhatNobodyDefinedInsideOfMessages() {
        assertThat(ignored(Endpoint.CHAT, """
                        {"model":"m","messages":[
                          {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b","cache_control":{}}]},
                          {"role":"assistant","annotations":[],"tool_calls":
                            [{"id":"c","index":0,"type":"function","function":{"name":"f","arguments":"{}","parsed":{}}}]}]}
                        """))
                .containsExactly(
                        "messages[0].content[1].cache_control",
                        "messages[1].annotations",
                        "messages[1].tool_calls[0].index",
                        "messages[1].tool_calls[0].function.parsed");
    }

    @Test
    void namesWhatNobodyDefinedInsideOfTools() {
        assertThat(ignored(
                        Endpoint.RENDER,
                        CHAT.formatted("\"tools\":[{\"type\":\"function\",\"x\":1,\"function\":{\"name\":\"f\",\"y\":2,"
                                + "\"parameters\":{\"z\":3}}}]")))
                .containsExactly("tools[0].x", "tools[0].function.y");
        assertThat(ignored(Endpoint.CHAT, CHAT.formatted("\"response_format\":{\"type\":\"text\"}")))
                .isEmpty();
    }

    /** A schema, a document, and what a template is given may have any field. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"metadata\":{\"x\":\"1\"}",
                "\"chat_template_kwargs\":{\"x\":{\"y\":1}}",
                "\"documents\":[{\"title\":\"t\",\"x\":1}]",
            })
    void leavesFreeObjectsAlone(String field) {
        assertThat(ignored(Endpoint.CHAT, CHAT.formatted(field))).isEmpty();
        assertThatNoException().isThrownBy(() -> read(CHAT.formatted(field), true));
    }

    /** Nothing is generated there, so that it asks for nothing. */
    @Test
    void ignoresWhatMeansSomethingElsewhereOnlyWhereNothingIsGenerated() {
        assertThat(ignored(Endpoint.DETOKENIZE, "{\"model\":\"m\",\"tokens\":[1],\"temperature\":1}"))
                .containsExactly("temperature");
        assertRefused(CHAT.formatted("\"suffix\":\"x\""), false, ErrorCode.UNSUPPORTED_PARAMETER, "suffix");
    }

    @ParameterizedTest
    @CsvSource({"temprature, temperature", "max_token, max_tokens", "topp, top_p", "Stream, stream"})
    void guessesWhatWasMeant(String field, String meant) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read(CHAT.formatted("\"" + field + "\":1"), true))
                .withMessage("Unknown parameter: '%s'. Did you mean '%s'?".formatted(field, meant));
    }

    @Test
    void isStrictWhereTheOperatorSaysSo() {
        assertRefused(CHAT.formatted("\"zzzzzzzz\":1"), true, ErrorCode.UNKNOWN_PARAMETER, "zzzzzzzz");
        assertRefused(
                CHAT.formatted("\"stream_options\":{\"q\":1}"), true, ErrorCode.UNKNOWN_PARAMETER, "stream_options.q");
        assertRefused(
                CHAT.replace("\"role\"", "\"nmae\":\"x\",\"role\"").formatted("\"n\":1"),
                true,
                ErrorCode.UNKNOWN_PARAMETER,
                "messages[0].nmae");
        String longName = "y".repeat(1000);
        assertRefused(
                CHAT.formatted("\"" + longName + "\":1"), true, ErrorCode.UNKNOWN_PARAMETER, "y".repeat(64) + "…");
    }

    private static void assertRefused(String body, boolean strict, ErrorCode code, String param) {
        assertThatExceptionOfType(GenerationException.class)
                .isThrownBy(() -> read(body, strict))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                    assertThat(error.clientMessage()).hasSizeLessThan(200);
                });
    }

    private static Object read(String body, boolean strict) {
        return RequestBodies.read(
                body.getBytes(StandardCharsets.UTF_8), Endpoint.CHAT, new RequestLimits(strict, 16, 4));
    }

    private static List<String> ignored(Endpoint endpoint, String body) {
        RequestParameters request =
                RequestParameters.of(body.getBytes(StandardCharsets.UTF_8), endpoint, RequestLimits.DEFAULT);
        if (endpoint == Endpoint.CHAT || endpoint == Endpoint.RENDER) {
            ChatCompletionRequestReader.read(request);
        }
        return request.ignored();
    }
}
