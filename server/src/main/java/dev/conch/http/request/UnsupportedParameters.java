package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.micronaut.json.tree.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;

/** Refuses by name what the table says is not honoured, unless its value asks for what happens anyway. */
final class UnsupportedParameters {
    private static final ParameterTable TABLE = ParameterTable.builtIn();

    private UnsupportedParameters() {}

    /**
     * Refuses the parameters of an object.
     *
     * @param prefix of their names in the table: empty for the request itself, {@code messages[].} for a message
     */
    static void refuse(JsonFields fields, Endpoint endpoint, String prefix) {
        for (Map.Entry<String, JsonNode> field : fields.entries()) {
            Parameter parameter = TABLE.find(endpoint, prefix + field.getKey());
            if (parameter != null && !field.getValue().isNull()) {
                refuse(parameter, fields, field.getKey(), field.getValue());
            }
        }
    }

    private static void refuse(Parameter parameter, JsonFields fields, String name, JsonNode value) {
        switch (parameter.decision()) {
            case OBEYED, ENGINE, ACCEPTED -> {}
            case REFUSED -> refuseUnlessNeutral(parameter, fields.path(name), value);
        }
    }

    private static void refuseUnlessNeutral(Parameter parameter, String path, JsonNode value) {
        if (!parameter.neutral().contain(value)) {
            throw refused(path, "is not supported by this server");
        }
    }

    /** Another endpoint's parameter asks for something that does not happen here. */
    static GenerationException elsewhere(String name) {
        String paths = TABLE.all().stream()
                .filter(parameter -> parameter.name().equals(name))
                .flatMap(parameter -> parameter.endpoints().stream())
                .map(Endpoint::path)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return refused(name, "is a parameter of " + paths + ", not of this path");
    }

    static GenerationException refused(String path, String why) {
        return new GenerationException(
                ErrorCode.UNSUPPORTED_PARAMETER, "Unsupported parameter: '%s' %s.".formatted(path, why), path);
    }
}
