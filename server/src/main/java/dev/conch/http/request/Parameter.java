package dev.conch.http.request;

import dev.conch.generation.EngineFeature;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of one or several endpoints.
 *
 * @param name as it stands in a request; {@code stream_options.x} and {@code messages[].x} stand inside these two
 * @param origin who defined it: {@code openai}, or where the extension comes from
 * @param required whether a request without it is refused
 * @param needs what of an engine it takes, for {@link Decision#ENGINE}; else null
 * @param neutral values that are taken although the parameter is not obeyed
 * @param notes what else is to be said of it, or empty
 */
public record Parameter(
        String name,
        Set<Endpoint> endpoints,
        String origin,
        boolean required,
        Decision decision,
        ValueSchema schema,
        @Nullable EngineFeature needs,
        NeutralValues neutral,
        String notes) {

    public Parameter {
        endpoints = Set.copyOf(endpoints);
    }

    /** Whether it stands in the request itself, not inside another parameter. */
    public boolean topLevel() {
        return name.indexOf('.') < 0;
    }
}
