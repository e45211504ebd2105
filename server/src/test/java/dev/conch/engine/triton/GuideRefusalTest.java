package dev.conch.engine.triton;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.engine.EngineRequests;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.OutputConstraint;
import dev.conch.generation.OutputConstraint.JsonSchema;
import dev.conch.generation.OutputConstraint.Regex;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuideRefusalTest {
    private static final OutputConstraint SCHEMA = new JsonSchema(Map.of("type", "object"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "guided decoding: invalid guide: json_schema: nothing | INVALID_JSON_SCHEMA",
                "guided decoding: unknown guide type: x | INVALID_JSON_SCHEMA",
                "guided decoding: limit exceeded: json_schema: 256 KiB | GRAMMAR_TOO_COMPLEX",
                "guided decoding: dead end: json_schema: token 3 | INVALID_VALUE",
                "Request is specified with GuidedDecodingParams, but GuidedDecoder is not setup. | UNSUPPORTED_PARAMETER"
            })
    void tellsTheClientWhatIsWrongWithItsConstraint(String text, ErrorCode code) {
        GenerationException refusal = Objects.requireNonNull(GuideRefusal.of(text, request(SCHEMA)));
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.param()).isEqualTo("response_format");
        assertThat(refusal.clientMessage()).contains("response_format").doesNotContain("json_schema:");
    }

    @Test
    void aGrammarIsNoSchema() {
        assertThat(Objects.requireNonNull(
                                GuideRefusal.of("guided decoding: invalid guide: regex: x", request(new Regex("a"))))
                        .code())
                .isEqualTo(ErrorCode.INVALID_GRAMMAR);
    }

    @Test
    void leavesOtherFailuresToOthers() {
        assertThat(GuideRefusal.of("every token is banned", request(SCHEMA))).isNull();
        assertThat(GuideRefusal.of("guided decoding: dead end: regex: x", request(null)))
                .isNull();
    }

    private static GenerationRequest request(@Nullable OutputConstraint constraint) {
        GenerationRequest plain = EngineRequests.request();
        return new GenerationRequest(
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
    }
}
