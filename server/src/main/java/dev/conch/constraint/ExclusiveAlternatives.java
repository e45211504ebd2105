package dev.conch.constraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether no value conforms to two of the schemas of a {@code oneOf}, so that {@code anyOf} says the same: engines know no exclusive choice.
 * Seen are types, enumerations, and required properties with enumerated values, by which discriminated unions are told apart.
 */
final class ExclusiveAlternatives {
    private static final int MAX_ALTERNATIVES = 100;

    private final SchemaReferences references;

    ExclusiveAlternatives(SchemaReferences references) {
        this.references = references;
    }

    void check(List<?> alternatives, Place place) {
        if (alternatives.size() > MAX_ALTERNATIVES) {
            throw Refusal.tooComplex(place, "too many alternatives (limit: %d)".formatted(MAX_ALTERNATIVES));
        }
        List<Traits> traits = new ArrayList<>();
        for (int i = 0; i < alternatives.size(); i++) {
            Traits next = traits(alternatives.get(i), place.element(i));
            for (int j = 0; j < traits.size(); j++) {
                if (!next.excludes(traits.get(j))) {
                    throw Refusal.schema(
                            place,
                            "the keyword 'oneOf' is only supported where types, constants or a required constant property tell the alternatives apart, and %d and %d are not (use 'anyOf')"
                                    .formatted(j, i));
                }
            }
            traits.add(next);
        }
    }

    /**
     * What tells an alternative from others.
     *
     * @param types empty: unknown
     * @param values null: not enumerated
     * @param tags the values of required properties that are enumerated
     */
    private record Traits(List<String> types, @Nullable Set<?> values, Map<String, Set<?>> tags) {

        boolean excludes(Traits other) {
            if (!types.isEmpty() && !other.types.isEmpty() && JsonTypes.disjoint(types, other.types)) {
                return true;
            }
            if (values != null && other.values != null) {
                return disjoint(values, other.values);
            }
            return isObject()
                    && other.isObject()
                    && tags.entrySet().stream()
                            .anyMatch(tag -> other.tags.containsKey(tag.getKey())
                                    && disjoint(tag.getValue(), other.tags.get(tag.getKey())));
        }

        private boolean isObject() {
            return types.equals(List.of("object"));
        }

        private static boolean disjoint(Set<?> some, @Nullable Set<?> others) {
            return others != null && some.stream().noneMatch(others::contains);
        }
    }

    private Traits traits(@Nullable Object alternative, Place place) {
        Map<?, ?> schema = resolved(alternative, place);
        Set<?> values = values(schema);
        if (values != null) {
            List<String> types =
                    values.stream().map(JsonTypes::typeOf).distinct().toList();
            return new Traits(types, values, Map.of());
        }
        return new Traits(JsonTypes.of(schema.get("type")), null, tags(schema, place));
    }

    private Map<String, Set<?>> tags(Map<?, ?> schema, Place place) {
        Map<String, Set<?>> tags = new HashMap<>();
        if (schema.get("properties") instanceof Map<?, ?> properties
                && schema.get("required") instanceof List<?> required) {
            for (Object name : required) {
                Set<?> values = values(resolved(properties.get(name), place));
                if (values != null) {
                    tags.put(String.valueOf(name), values);
                }
            }
        }
        return tags;
    }

    /** Follows references; their chains end, because loops were refused. */
    private Map<?, ?> resolved(@Nullable Object schema, Place place) {
        Object at = schema;
        while (at instanceof Map<?, ?> keywords && keywords.get("$ref") instanceof String reference) {
            at = references.target(reference, place);
        }
        return at instanceof Map<?, ?> keywords ? keywords : Map.of();
    }

    /** Numbers are compared as the numbers that they are: 1 and 1.0 are one value. */
    private static @Nullable Set<?> values(Map<?, ?> schema) {
        if (!schema.containsKey("const") && !schema.containsKey("enum")) {
            return null;
        }
        Set<@Nullable Object> values = new HashSet<>();
        for (Object value : EnumeratedSchema.values(schema)) {
            values.add(value instanceof Number number ? Double.valueOf(number.doubleValue()) : value);
        }
        return values;
    }
}
