package dev.conch.constraint;

import dev.conch.generation.GenerationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A schema that says what its values are made of: its types, and what holds for values of each. For one thread. */
final class TypedSchema {
    private final Map<String, @Nullable Object> schema;
    private final Enforcement enforcement;
    private final Budget budget;
    private final BiFunction<@Nullable Object, Place, Object> inner;
    private final Map<String, @Nullable Object> read = new LinkedHashMap<>();

    /** @param inner reads the schemas inside */
    TypedSchema(
            Map<String, @Nullable Object> schema,
            Enforcement enforcement,
            Budget budget,
            BiFunction<@Nullable Object, Place, Object> inner) {
        this.schema = schema;
        this.enforcement = enforcement;
        this.budget = budget;
        this.inner = inner;
    }

    Map<String, @Nullable Object> read(Place place) {
        List<String> types = types(place);
        if (types.isEmpty()) {
            return read;
        }
        read.put("type", types.size() == 1 ? types.getFirst() : types);
        if (types.contains("string")) {
            string(place);
        }
        if (types.contains("number") || types.contains("integer")) {
            new NumberSchema(schema, types, enforcement, budget, read).read(place);
        }
        if (types.contains("array")) {
            array(place);
        }
        if (types.contains("object")) {
            object(place);
        }
        return read;
    }

    /** Without a type, keywords of one type mean that type unless all is lax: engines enforce them for a type that is there. */
    private List<String> types(Place place) {
        List<String> said = JsonTypes.of(schema.get("type"));
        if (!said.isEmpty()) {
            return said;
        }
        List<String> meant = SchemaKeywords.OF_TYPE.entrySet().stream()
                .filter(type -> type.getValue().stream().anyMatch(schema::containsKey))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (meant.size() > 1 && enforcement.refuses()) {
            throw Refusal.schema(place, "expected a 'type', because there are keywords of " + meant);
        }
        return meant.size() == 1 && enforcement.infersTypes() ? meant : List.of();
    }

    /**
     * Engines take one of the three. SDKs write a pattern and lengths beside a format to say the same again, so that the format goes first,
     * and then the pattern.
     */
    private void string(Place place) {
        boolean pattern = schema.containsKey("pattern");
        boolean format = format(place);
        if (format) {
            read.put("format", schema.get("format"));
        } else if (pattern) {
            pattern(String.valueOf(schema.get("pattern")), place.member("pattern"));
        } else {
            counts("minLength", "maxLength", Budget.MAX_TEXT_LENGTH, place);
        }
    }

    private void pattern(String pattern, Place place) {
        try {
            read.put(
                    "pattern",
                    RegexPattern.read(pattern, budget, place, Refusal::schema).searched());
        } catch (GenerationException notEnforceable) {
            if (enforcement.refuses()) {
                throw notEnforceable;
            }
        }
    }

    private boolean format(Place place) {
        Object format = schema.get("format");
        if (format == null || SchemaKeywords.FORMATS.contains(format)) {
            return format != null;
        }
        if (enforcement == Enforcement.STRICT && !schema.containsKey("pattern")) {
            throw Refusal.schema(
                    place.member("format"),
                    "the format '%s' is not supported (expected one of %s)"
                            .formatted(
                                    Place.shown(String.valueOf(format)),
                                    SchemaKeywords.FORMATS.stream().sorted().toList()));
        }
        return false;
    }

    private void counts(String least, String most, int limit, Place place) {
        Integer minimum = count(least, limit, place);
        Integer maximum = count(most, limit, place);
        if (minimum != null && maximum != null && minimum > maximum) {
            throw Refusal.schema(place.member(least), "'%s' is above '%s'".formatted(least, most));
        }
    }

    private @Nullable Integer count(String keyword, int limit, Place place) {
        if (!(schema.get(keyword) instanceof Number number)) {
            return null;
        }
        boolean enforced =
                number.doubleValue() <= enforcement.largestCount(limit) && budget.hasRoomForRepeats(number.intValue());
        if (!enforced && !enforcement.refuses()) {
            return null;
        }
        if (number.doubleValue() > limit) {
            throw Refusal.tooComplex(place.member(keyword), "expected at most %d".formatted(limit));
        }
        budget.repeats(number.intValue(), place.member(keyword));
        read.put(keyword, (long) number.intValue());
        return number.intValue();
    }

    private void array(Place place) {
        if (schema.get("prefixItems") instanceof List<?> prefix) {
            Place at = place.member("prefixItems");
            List<@Nullable Object> first = new ArrayList<>();
            for (int i = 0; i < prefix.size(); i++) {
                first.add(inner.apply(prefix.get(i), at.element(i)));
            }
            read.put("prefixItems", first);
        }
        Object items = rest("items", place);
        if (items != null) {
            read.put("items", items);
        }
        counts("minItems", "maxItems", Budget.MAX_REPEAT, place);
        refuseTooFew(place);
    }

    private void refuseTooFew(Place place) {
        int places = schema.get("prefixItems") instanceof List<?> prefix ? prefix.size() : 0;
        if (Boolean.FALSE.equals(read.get("items")) && read.get("minItems") instanceof Long least && least > places) {
            throw Refusal.schema(place.member("minItems"), "there are only %d items".formatted(places));
        }
    }

    /** {@code false} has a meaning here: nothing more. */
    private @Nullable Object rest(String keyword, Place place) {
        Object value = schema.get(keyword);
        return value == null || Boolean.FALSE.equals(value) ? value : inner.apply(value, place.member(keyword));
    }

    private void object(Place place) {
        Object others = rest("additionalProperties", place);
        Map<String, @Nullable Object> properties = properties(place);
        Set<String> required = new LinkedHashSet<>();
        if (schema.get("required") instanceof List<?> names) {
            names.forEach(name -> required.add(String.valueOf(name)));
        }
        for (String name : required) {
            if (!properties.containsKey(name)) {
                properties.put(name, unnamed(name, others, place));
            }
        }
        if (!properties.isEmpty()) {
            read.put("properties", properties);
        }
        if (!required.isEmpty()) {
            read.put("required", List.copyOf(required));
        }
        if (others != null) {
            read.put("additionalProperties", others);
        } else if (!properties.isEmpty()) {
            // What conforms to this conforms to the other, and nobody who names properties wants a model to invent
            // more.
            read.put("additionalProperties", false);
        }
    }

    private Map<String, @Nullable Object> properties(Place place) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        if (schema.get("properties") instanceof Map<?, ?> named) {
            Place at = place.member("properties");
            named.forEach((key, value) -> {
                String name = String.valueOf(key);
                properties.put(name, inner.apply(value, at.member(name)));
            });
        }
        return properties;
    }

    /** A required property without a schema of its own has that of the others; engines want it spelt out. */
    private static Object unnamed(String name, @Nullable Object others, Place place) {
        if (Boolean.FALSE.equals(others)) {
            throw Refusal.schema(
                    place.member("required"),
                    "'%s' is required, and 'additionalProperties' forbids it".formatted(Place.shown(name)));
        }
        return others == null ? true : others;
    }
}
