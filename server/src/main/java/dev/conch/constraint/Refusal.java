package dev.conch.constraint;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;

/** Makes the errors of this room. */
final class Refusal {
    private Refusal() {}

    /** A schema that is none, or that no engine can enforce. */
    static GenerationException schema(Place place, String why) {
        return new GenerationException(ErrorCode.INVALID_JSON_SCHEMA, message(place, why), place.path());
    }

    /** A pattern, grammar, choice or structural tag that is none, or that no engine can enforce. */
    static GenerationException grammar(Place place, String why) {
        return new GenerationException(ErrorCode.INVALID_GRAMMAR, message(place, why), place.path());
    }

    /** Something that would cost more than one request may. */
    static GenerationException tooComplex(Place place, String why) {
        return new GenerationException(
                ErrorCode.GRAMMAR_TOO_COMPLEX, "Too complex '%s': %s.".formatted(place.path(), why), place.path());
    }

    private static String message(Place place, String why) {
        return "Invalid '%s': %s.".formatted(place.path(), why);
    }
}
