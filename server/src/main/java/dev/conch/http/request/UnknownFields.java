package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import java.util.ArrayList;
import java.util.List;

/** Collects the fields of a request that nobody defined; in strict mode it refuses the first. */
final class UnknownFields {
    private static final ParameterTable TABLE = ParameterTable.builtIn();
    private static final int MAX_ECHO_CHARS = 64;

    private final Endpoint endpoint;
    private final boolean strict;
    private final List<String> names = new ArrayList<>();

    UnknownFields(Endpoint endpoint, boolean strict) {
        this.endpoint = endpoint;
        this.strict = strict;
    }

    /** Looks through the request itself, or through an object in it whose fields stand in the table. */
    void collect(JsonFields fields) {
        fields.entries().forEach(field -> {
            String path = fields.path(field.getKey());
            boolean spelledAsPath = field.getKey().indexOf('.') >= 0;
            if (spelledAsPath || TABLE.find(endpoint, path) == null) {
                note(path, spelledAsPath || field.getValue().isNull());
            }
        });
    }

    /** @param harmless it asks for nothing, whatever it means elsewhere */
    private void note(String path, boolean harmless) {
        if (endpoint.generates() && !harmless && TABLE.knows(path)) {
            throw UnsupportedParameters.elsewhere(path);
        }
        if (strict) {
            throw refused(path);
        }
        names.add(path);
    }

    private GenerationException refused(String path) {
        String shown = path.length() <= MAX_ECHO_CHARS ? path : path.substring(0, MAX_ECHO_CHARS) + "…";
        String meant = NearestName.of(
                        path, TABLE.of(endpoint).stream().map(Parameter::name).toList())
                .map(name -> " Did you mean '" + name + "'?")
                .orElse("");
        return new GenerationException(
                ErrorCode.UNKNOWN_PARAMETER, "Unknown parameter: '" + shown + "'." + meant, shown);
    }

    /** Their paths, in the order of the request. */
    List<String> names() {
        return names;
    }
}
