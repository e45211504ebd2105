package dev.conch.constraint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code anyOf} of a {@code oneOf}, if no value conforms to two of its schemas: engines know no exclusive choice. Seen are types,
 * enumerations, and properties with enumerated values, by which discriminated unions are told apart. Such a tag is often not required,
 * because it has a default (pydantic writes it so). A value without it may conform to two alternatives, so each has to have it then,
 * which is narrower than the schema and never wider.
 */
final class ExclusiveAlternatives {
    private static final int MAX_ALTERNATIVES = 100;

    private final SchemaReferences references;
    private final @Nullable String discriminator;
    private final Place place;
    private final List<Alternative> alternatives = new ArrayList<>();

    private ExclusiveAlternatives(SchemaReferences references, @Nullable String discriminator, Place place) {
        this.references = references;
        this.discriminator = discriminator;
        this.place = place;
    }

    /**
     * The alternatives, of which no value conforms to two.
     *
     * @param discriminator the property that tells them apart, if the schema says one
     * @throws dev.conch.generation.GenerationException if they cannot be told apart
     */
    static List<Alternative> of(
            List<?> members, @Nullable String discriminator, SchemaReferences references, Place place) {
        var exclusive = new ExclusiveAlternatives(references, discriminator, place);
        exclusive.add(members, place);
        return exclusive.told();
    }

    /**
     * One of them.
     *
     * @param schema as the client wrote it, perhaps a reference
     * @param tags properties that it must have, whether or not it requires them
     */
    record Alternative(@Nullable Object schema, Place place, Traits traits, Set<String> tags) {}

    /** A choice among the alternatives of a choice is one among all of them. */
    private void add(List<?> members, Place of) {
        for (int i = 0; i < members.size(); i++) {
            Map<?, ?> schema = resolved(members.get(i));
            List<?> inner = choice(schema);
            if (inner != null) {
                add(inner, of.element(i));
                continue;
            }
            if (alternatives.size() == MAX_ALTERNATIVES) {
                throw Refusal.tooComplex(place, "too many alternatives (limit: %d)".formatted(MAX_ALTERNATIVES));
            }
            alternatives.add(new Alternative(members.get(i), of.element(i), traits(schema), new LinkedHashSet<>()));
        }
    }

    private List<Alternative> told() {
        for (int j = 1; j < alternatives.size(); j++) {
            for (int i = 0; i < j; i++) {
                tellApart(i, j);
            }
        }
        return alternatives;
    }

    private void tellApart(int first, int second) {
        Alternative one = alternatives.get(first);
        Alternative other = alternatives.get(second);
        if (one.traits.excludes(other.traits)) {
            return;
        }
        String tag = one.traits.tag(other.traits, discriminator);
        if (tag == null) {
            throw Refusal.schema(
                    place,
                    "the keyword 'oneOf' is only supported where types, constants or a constant property tell the alternatives apart, and %d and %d are not (use 'anyOf')"
                            .formatted(first, second));
        }
        one.tags.add(tag);
        other.tags.add(tag);
    }

    /**
     * What tells an alternative from others.
     *
     * @param types empty: unknown
     * @param values null: not enumerated
     * @param tags the values of properties that are enumerated
     * @param required the tags that every value has
     */
    record Traits(List<String> types, @Nullable Set<?> values, Map<String, Set<?>> tags, Set<String> required) {

        boolean excludes(Traits other) {
            if (!types.isEmpty() && !other.types.isEmpty() && JsonTypes.disjoint(types, other.types)) {
                return true;
            }
            if (values != null && other.values != null) {
                return disjoint(values, other.values);
            }
            return isObject()
                    && other.isObject()
                    && tags.keySet().stream()
                            .anyMatch(
                                    tag -> required.contains(tag) && other.required.contains(tag) && tells(tag, other));
        }

        /** A property that tells the two apart if both have it: the preferred one, or any; null if there is none. */
        @Nullable String tag(Traits other, @Nullable String preferred) {
            if (!isObject() || !other.isObject()) {
                return null;
            }
            if (preferred != null && tells(preferred, other)) {
                return preferred;
            }
            return tags.keySet().stream()
                    .sorted()
                    .filter(tag -> tells(tag, other))
                    .findFirst()
                    .orElse(null);
        }

        private boolean tells(String tag, Traits other) {
            return tags.containsKey(tag)
                    && other.tags.containsKey(tag)
                    && disjoint(Objects.requireNonNull(tags.get(tag)), Objects.requireNonNull(other.tags.get(tag)));
        }

        private boolean isObject() {
            return types.equals(List.of("object"));
        }

        private static boolean disjoint(Set<?> some, Set<?> others) {
            return some.stream().noneMatch(others::contains);
        }
    }

    private Traits traits(Map<?, ?> schema) {
        Set<?> values = values(schema);
        if (values != null) {
            List<String> types =
                    values.stream().map(JsonTypes::typeOf).distinct().toList();
            return new Traits(types, values, Map.of(), Set.of());
        }
        Map<String, Set<?>> tags = tags(schema);
        Set<String> required = new HashSet<>(tags.keySet());
        required.retainAll(schema.get("required") instanceof List<?> names ? names : List.of());
        return new Traits(JsonTypes.of(schema.get("type")), null, tags, required);
    }

    private Map<String, Set<?>> tags(Map<?, ?> schema) {
        Map<String, Set<?>> tags = new HashMap<>();
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, property) -> {
                Set<?> values = values(resolved(property));
                if (values != null) {
                    tags.put(String.valueOf(name), values);
                }
            });
        }
        return tags;
    }

    /** The members of a schema that is a choice among them and nothing else; null: it is not. */
    private static @Nullable List<?> choice(Map<?, ?> schema) {
        boolean only = schema.keySet().stream()
                .map(String::valueOf)
                .allMatch(keyword -> keyword.equals("oneOf") || SchemaKeywords.isAnnotation(keyword));
        return only && schema.get("oneOf") instanceof List<?> members ? members : null;
    }

    private Map<?, ?> resolved(@Nullable Object schema) {
        return references.resolved(schema, place);
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
