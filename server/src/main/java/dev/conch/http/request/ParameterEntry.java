package dev.conch.http.request;

import dev.conch.generation.EngineFeature;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One entry of {@code parameters.yaml}. The file is part of the build, so that whatever is wrong with it is a fault of the program. */
final class ParameterEntry {
    private static final Set<String> FIELDS =
            Set.of("name", "endpoints", "origin", "required", "decision", "needs", "schema", "neutral", "notes");

    private final Map<?, ?> fields;

    private ParameterEntry(Map<?, ?> fields) {
        this.fields = fields;
    }

    static ParameterEntry of(@Nullable Object node) {
        if (node instanceof Map<?, ?> fields && FIELDS.containsAll(fields.keySet())) {
            return new ParameterEntry(fields);
        }
        throw new IllegalStateException("parameters.yaml: " + node + " (expected: a mapping of " + FIELDS + ")");
    }

    Parameter parameter() {
        Decision decision = Decision.valueOf(text("decision").toUpperCase(Locale.ROOT));
        return new Parameter(
                text("name"),
                endpoints(),
                text("origin"),
                Boolean.TRUE.equals(fields.get("required")),
                decision,
                fields.get("schema") instanceof Map<?, ?> schema ? ValueSchema.of(schema) : ValueSchema.ANYTHING,
                decision == Decision.ENGINE ? feature() : null,
                new NeutralValues(list("neutral")),
                fields.get("notes") instanceof String notes ? notes : "");
    }

    private Set<Endpoint> endpoints() {
        return list("endpoints").stream()
                .map(name -> Endpoint.valueOf(String.valueOf(name).toUpperCase(Locale.ROOT)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private EngineFeature feature() {
        String name = fields.get("needs") instanceof String needs ? needs : text("name");
        return Arrays.stream(EngineFeature.values())
                .filter(feature -> feature.param().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("parameters.yaml: " + name + ": no feature of an engine"));
    }

    private String text(String field) {
        if (fields.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("parameters.yaml: " + fields.get("name") + ": " + field + ": missing");
    }

    private List<?> list(String field) {
        return fields.get(field) instanceof List<?> list ? list : List.of();
    }
}
