package dev.conch.output.toolcall.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function's schema, as that which references in it point into. For one thread. */
final class Definitions {
    static final List<String> KEYWORDS = List.of("$defs", "definitions");

    private final Map<?, ?> root;
    /** By references: thousands of parameters may have the same. */
    private final Map<String, Map<?, ?>> targets = new HashMap<>();

    /** Negative: not reckoned yet. */
    private long size = -1;

    /** @param root the whole */
    Definitions(Map<?, ?> root) {
        this.root = root;
    }

    /** About how many characters all definitions have as JSON. */
    long size() {
        if (size < 0) {
            size = KEYWORDS.stream()
                    .mapToLong(keyword -> size(root.get(keyword)))
                    .sum();
        }
        return size;
    }

    private static long size(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> members ->
                members.entrySet().stream()
                        .mapToLong(member -> size(member.getKey()) + size(member.getValue()))
                        .sum();
            case List<?> elements ->
                elements.stream().mapToLong(Definitions::size).sum();
            case String text -> text.length() + 3L;
            case null, default -> 4;
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
