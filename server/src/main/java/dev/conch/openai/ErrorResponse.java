package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import org.jspecify.annotations.Nullable;

/** The body of every answer that is not a success ({@code ErrorResponse}). All four fields are always there. */
@Serdeable
public record ErrorResponse(ErrorObject error) {

    /** What went wrong, for a program ({@code type}, {@code code}, {@code param}) and for a person ({@code message}). */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable
    public record ErrorObject(
            String message,
            String type,
            @Nullable String param,
            @Nullable String code) {}
}
