package dev.conch.output.toolcall.schema;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function's schema, as that which references in it point into. For one thread. */
final class Definitions {
    private static final List<String> KEYWORDS = List.of("$defs", "definitions");

    private final Map<?, ?> root;
    /** By references: thousands of parameters may have the same. */
    private final Map<String, Map<?, ?>> targets = new HashMap<>();

    /** @param root the whole */
    Definitions(Map<?, ?> root) {
        this.root = root;
    }

    /** Those that stand beside a schema that is taken out of the whole: none if nothing in it refers to any. */
    Map<String, @Nullable Object> beside(Map<?, ?> schema) {
        Map<String, @Nullable Object> definitions = new LinkedHashMap<>();
        if (refers(schema)) {
            KEYWORDS.stream().filter(root::containsKey).forEach(keyword -> definitions.put(keyword, root.get(keyword)));
        }
        return definitions;
    }

    private static boolean refers(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> members ->
                members.containsKey("$ref") || members.values().stream().anyMatch(Definitions::refers);
            case List<?> elements -> elements.stream().anyMatch(Definitions::refers);
            case null, default -> false;
        };
    }

    /** What a schema refers to, if that is a definition next to the parameters; anything else may be of any type. */
    Map<?, ?> target(Map<?, ?> schema) {
        return targets.computeIfAbsent(String.valueOf(schema.get("$ref")), this::find);
    }

    private Map<?, ?> find(String reference) {
        String[] path = reference.split("/", -1);
        return path.length == 3 && path[0].equals("#")
                ? map(map(root.get(path[1])).get(path[2]))
                : Map.of();
    }

    /** The schemas that a keyword lists; none if it is absent. */
    static List<?> listed(Map<?, ?> schema, String keyword) {
        return schema.get(keyword) instanceof List<?> members ? members : List.of();
    }

    /** A value without keywords is a schema that says nothing. */
    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
