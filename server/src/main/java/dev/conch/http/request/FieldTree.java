package dev.conch.http.request;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that somebody defined of an object inside of a request, or of each object in a list, and of those in them. Immutable.
 *
 * @param members empty: what stands there is the client's own affair
 */
record FieldTree(Map<String, FieldTree> members) {

    FieldTree {
        members = Map.copyOf(members);
    }

    /** @param node as YAML has it: a mapping of names to the same, or nothing */
    static FieldTree of(@Nullable Object node) {
        Map<String, FieldTree> members = new LinkedHashMap<>();
        if (node instanceof Map<?, ?> fields) {
            fields.forEach((name, inner) -> members.put(String.valueOf(name), of(inner)));
        } else if (node != null) {
            throw new IllegalStateException("parameters.yaml: inside: " + node + " (expected: a mapping, or ~)");
        }
        return new FieldTree(members);
    }

    @Nullable FieldTree member(String name) {
        return members.get(name);
    }

    Set<String> names() {
        return members.keySet();
    }

    boolean isFree() {
        return members.isEmpty();
    }
}
