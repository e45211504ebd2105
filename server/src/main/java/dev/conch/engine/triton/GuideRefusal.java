package dev.conch.engine.triton;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.OutputConstraint.JsonSchema;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an engine says of a constraint that it cannot hold an answer to, although it was checked: engines have limits and gaps of their
 * own. The texts are those of Conch's model and of TensorRT-LLM.
 */
final class GuideRefusal {
    private static final String PARAM = String.valueOf(InputTensor.GUIDED_DECODING_GUIDE.param());

    private GuideRefusal() {}

    /** What a client is told; null if the text is about something else, or the request has no constraint. */
    static @Nullable GenerationException of(String text, GenerationRequest request) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (request.constraint() == null) {
            return null;
        }
        if (lower.contains("guideddecoder is not setup")) {
            return refusal(ErrorCode.UNSUPPORTED_PARAMETER, "%s: not supported by this model");
        }
        if (!lower.contains("guided decoding: ")) {
            return null;
        }
        if (lower.contains("limit exceeded")) {
            return refusal(ErrorCode.GRAMMAR_TOO_COMPLEX, "Invalid '%s': it is too complex for the engine.");
        }
        if (lower.contains("dead end")) {
            return refusal(
                    ErrorCode.INVALID_VALUE,
                    "Invalid '%s': what else the request asks for leaves nothing of what it allows.");
        }
        return refusal(
                request.constraint() instanceof JsonSchema ? ErrorCode.INVALID_JSON_SCHEMA : ErrorCode.INVALID_GRAMMAR,
                "Invalid '%s': the engine cannot hold an answer to it.");
    }

    private static GenerationException refusal(ErrorCode code, String message) {
        return new GenerationException(code, message.formatted(PARAM), PARAM);
    }
}
