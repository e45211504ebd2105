package dev.conch.constraint;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Schemas of objects that have to have properties which they only allow. One copy of each, so that a schema whose values hold values of the
 * same kind comes to an end. For one thread.
 */
final class RequiredTags {
    private final Budget budget;
    private final Map<Set<String>, IdentityHashMap<Object, Map<String, @Nullable Object>>> copies = new HashMap<>();

    RequiredTags(Budget budget) {
        this.budget = budget;
    }

    /** The same schema, which requires these properties as well; the same object whenever this is asked. */
    Map<String, @Nullable Object> in(Map<?, ?> schema, Set<String> tags, Place place) {
        return copies.computeIfAbsent(Set.copyOf(tags), _ -> new IdentityHashMap<>())
                .computeIfAbsent(schema, _ -> copy(schema, tags, place));
    }

    private Map<String, @Nullable Object> copy(Map<?, ?> schema, Set<String> tags, Place place) {
        // It is read, and sent, once more.
        new SchemaSize(budget).check(schema, place);
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        schema.forEach((key, value) -> copy.put(String.valueOf(key), value));
        Set<Object> required = new LinkedHashSet<>();
        if (schema.get("required") instanceof List<?> names) {
            required.addAll(names);
        }
        required.addAll(tags);
        copy.put("required", List.copyOf(required));
        copy.remove("$id");
        return copy;
    }
}
