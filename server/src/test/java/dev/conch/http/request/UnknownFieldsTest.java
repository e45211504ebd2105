package dev.conch.http.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        if (endpoint == Endpoint.CHAT) {
            ChatCompletionRequestReader.read(request);
        }
        return request.ignored();
    }
}
