package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.micronaut.json.tree.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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

    /** Looks through the request itself, or through an object in it whose fields have rows of their own in the table. */
    void collect(JsonFields fields) {
        fields.entries().forEach(field -> {
            String path = fields.path(field.getKey());
            boolean spelledAsPath = field.getKey().indexOf('.') >= 0;
            if (spelledAsPath || TABLE.find(endpoint, path) == null) {
                note(path, spelledAsPath || field.getValue().isNull());
            }
        });
    }

    /** Looks through the objects inside of the request's parameters, such as messages and tools. */
    void collectInside(JsonFields request) {
        request.entries().forEach(field -> {
            FieldTree known = TABLE.inside().member(field.getKey());
            if (known != null) {
                collectInside(field.getValue(), field.getKey(), known);
            }
        });
    }

    /** What is not of the expected shape is told of by whoever reads it. */
    private void collectInside(JsonNode node, String path, FieldTree known) {
        if (known.isFree()) {
            return;
        }
        if (node.isArray()) {
            int index = 0;
            for (JsonNode element : node.values()) {
                collectInside(element, path + "[" + index++ + "]", known);
            }
        } else if (node.isObject()) {
            node.entries().forEach(field -> collectMember(field, path, known));
        }
    }

    private void collectMember(Map.Entry<String, JsonNode> field, String path, FieldTree known) {
        FieldTree member = known.member(field.getKey());
        String memberPath = path + "." + field.getKey();
        if (member != null) {
            collectInside(field.getValue(), memberPath, member);
        } else if (strict) {
            throw refused(memberPath, field.getKey(), known.names());
        } else {
            names.add(memberPath);
        }
    }

    /** @param harmless it asks for nothing, whatever it means elsewhere */
    private void note(String path, boolean harmless) {
        if (endpoint.generates() && !harmless && TABLE.knows(path)) {
            throw UnsupportedParameters.elsewhere(path);
        }
        if (strict) {
            throw refused(
                    path, path, TABLE.of(endpoint).stream().map(Parameter::name).toList());
        }
        names.add(path);
    }

    private static GenerationException refused(String path, String name, Collection<String> known) {
        String shown = path.length() <= MAX_ECHO_CHARS ? path : path.substring(0, MAX_ECHO_CHARS) + "…";
        String meant = NearestName.of(name, known)
                .map(nearest -> " Did you mean '" + nearest + "'?")
                .orElse("");
        return new GenerationException(
                ErrorCode.UNKNOWN_PARAMETER, "Unknown parameter: '" + shown + "'." + meant, shown);
    }

    /** Their paths, in the order of the request. */
    List<String> names() {
        return names;
    }
}
