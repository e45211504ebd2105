package dev.conch.engine.triton;

import dev.conch.generation.EngineFeature;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.SamplingParams;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a request may forbid, until nothing is left to choose from. That the engine alone finds out, at some token of the answer. */
final class Bans {
    private static final String NOTHING_LEFT = "every token is banned";

    private Bans() {}

    /**
     * What a client is told whose request has left the engine no token; null if that is not what the engine says, or not of the request's
     * doing.
     *
     * @param text what the engine says
     */
    static @Nullable GenerationException refusal(String text, GenerationRequest request) {
        String param = text.toLowerCase(Locale.ROOT).contains(NOTHING_LEFT) ? strictest(request) : null;
        return param == null ? null : refusal(param);
    }

    /** Several may have done it together; the one that forbids most is to be looked at first. */
    private static @Nullable String strictest(GenerationRequest request) {
        SamplingParams sampling = request.sampling();
        if (!sampling.allowedTokenIds().isEmpty()) {
            return "allowed_token_ids";
        }
        if (!sampling.logitBias().isEmpty()) {
            return EngineFeature.LOGIT_BIAS.param();
        }
        if (!sampling.badWords().isEmpty()) {
            return EngineFeature.BAD_WORDS.param();
        }
        return request.stop().minTokens() > 0 ? EngineFeature.MIN_TOKENS.param() : null;
    }

    private static GenerationException refusal(String param) {
        return new GenerationException(
                ErrorCode.INVALID_VALUE, "Invalid '%s': it leaves no token to choose from.".formatted(param), param);
    }
}
