package dev.conch.constraint;

import dev.conch.constraint.ExclusiveAlternatives.Alternative;
import dev.conch.generation.GenerationException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a client's schema the one that an engine gets: the keywords that XGrammar and llguidance enforce alike, in the client's order, and
 * nothing else. What both leave unsaid is refused by name; what one of them understands in another way is said in a way that both
 * understand (references by plain names, whole bounds of whole numbers, {@code oneOf} as {@code anyOf} where the two are the same). For one
 * schema and one thread.
 */
final class SchemaReader {
    private final Enforcement enforcement;
    private final Budget budget;
    private final Map<?, ?> root;
    private final SchemaReferences references;
    private final RequiredTags requiredTags;
    /** What references point to, by the names that they get. */
    private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();

    private final Deque<Referenced> unread = new ArrayDeque<>();

    private record Referenced(String name, Object schema, Place place) {}

    private SchemaReader(Map<?, ?> root, Enforcement enforcement, Budget budget) {
        this.root = root;
        this.enforcement = enforcement;
        this.budget = budget;
        references = new SchemaReferences(root);
        requiredTags = new RequiredTags(budget);
    }

    /**
     * Reads a schema.
     *
     * @throws dev.conch.generation.GenerationException {@code INVALID_JSON_SCHEMA} or {@code GRAMMAR_TOO_COMPLEX}
     */
    static Map<String, @Nullable Object> read(Map<?, ?> schema, Enforcement enforcement, Budget budget, Place place) {
        new SchemaSize(budget).check(schema, place);
        MetaSchema.check(schema, place);
        return new SchemaReader(schema, enforcement, budget).read(place);
    }

    private Map<String, @Nullable Object> read(Place place) {
        references.refuseLoops(place);
        Map<String, @Nullable Object> schema = object(root, place);
        Map<String, @Nullable Object> definitions = new LinkedHashMap<>();
        for (Referenced next = unread.poll(); next != null; next = unread.poll()) {
            definitions.put(next.name(), schema(next.schema(), next.place()));
        }
        if (!definitions.isEmpty()) {
            schema.put("$defs", definitions);
        }
        return schema;
    }

    private Object schema(@Nullable Object schema, Place place) {
        if (Boolean.TRUE.equals(schema)) {
            return true;
        }
        if (schema instanceof Map<?, ?> keywords) {
            return object(keywords, place);
        }
        throw Refusal.schema(place, "'false' leaves no value to generate");
    }

    private Map<String, @Nullable Object> object(Map<?, ?> schema, Place place) {
        budget.time(place);
        Map<String, @Nullable Object> asserted = asserted(schema, place);
        List<String> shapes =
                SchemaKeywords.SHAPES.stream().filter(asserted::containsKey).toList();
        if (shapes.isEmpty()) {
            return new TypedSchema(asserted, enforcement, budget, this::schema).read(place);
        }
        String shape = shapes.getFirst();
        boolean enumerated = shape.equals("const") || shape.equals("enum");
        if (!enforcement.refuses() && !enumerated && asserted.containsKey("type")) {
            // Of what cannot be had together, the type and its keywords say most.
            return new TypedSchema(asserted, enforcement, budget, this::schema).read(place);
        }
        refuseNeighbours(shape, asserted, place);
        return switch (shape) {
            case "$ref" -> reference(String.valueOf(asserted.get("$ref")), place.member("$ref"));
            case "const", "enum" -> EnumeratedSchema.read(asserted, place);
            case "anyOf" -> alternatives(asserted.get("anyOf"), place.member("anyOf"));
            case "oneOf" -> oneOf(asserted.get("oneOf"), discriminator(schema), place.member("oneOf"));
            default -> allOf(asserted.get("allOf"), place.member("allOf"));
        };
    }

    /** The keywords that the engines enforce. */
    private Map<String, @Nullable Object> asserted(Map<?, ?> schema, Place place) {
        Map<String, @Nullable Object> asserted = new LinkedHashMap<>();
        schema.forEach((key, value) -> {
            String keyword = String.valueOf(key);
            if (isAsserted(keyword, value, schema == root, place)) {
                asserted.put(keyword, value);
            }
        });
        return asserted;
    }

    private boolean isAsserted(String keyword, @Nullable Object value, boolean atRoot, Place place) {
        if (SchemaKeywords.isAnnotation(keyword)) {
            return false;
        }
        if (SchemaKeywords.NOT_ENFORCED.contains(keyword)) {
            boolean harmless = value != null && SchemaKeywords.asksForNothing(keyword, value);
            boolean ownName = keyword.equals("$id") && atRoot;
            if (!harmless && !ownName && enforcement.refuses()) {
                throw Refusal.schema(place.member(keyword), "the keyword '%s' is not supported".formatted(keyword));
            }
            return false;
        }
        boolean known = keyword.equals("type")
                || SchemaKeywords.SHAPES.contains(keyword)
                || SchemaKeywords.OF_TYPE.values().stream().anyMatch(keywords -> keywords.contains(keyword));
        if (!known && enforcement == Enforcement.STRICT) {
            throw Refusal.schema(
                    place.member(keyword), "unknown keyword '%s' in a strict schema".formatted(Place.shown(keyword)));
        }
        return known;
    }

    /** XGrammar reads one of these keywords and none beside it. */
    private void refuseNeighbours(String shape, Map<String, @Nullable Object> asserted, Place place) {
        boolean enumerated = shape.equals("const") || shape.equals("enum");
        for (String keyword : asserted.keySet()) {
            boolean understood =
                    keyword.equals(shape) || (enumerated && (keyword.equals("type") || keyword.equals("enum")));
            if (!understood && enforcement.refuses()) {
                throw Refusal.schema(
                        place.member(keyword),
                        "the keyword '%s' beside '%s' is not supported".formatted(keyword, shape));
            }
        }
    }

    private Map<String, @Nullable Object> reference(String reference, Place place) {
        Object target = references.target(reference, place);
        return single("$ref", "#/$defs/" + name(target, place));
    }

    private String name(Object target, Place place) {
        String known = names.get(target);
        if (known != null) {
            return known;
        }
        String name = "d" + names.size();
        names.put(target, name);
        unread.add(new Referenced(name, target, place));
        return name;
    }

    private Map<String, @Nullable Object> alternatives(@Nullable Object members, Place place) {
        List<@Nullable Object> read = new ArrayList<>();
        if (members instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                read.add(schema(list.get(i), place.element(i)));
            }
        }
        return single("anyOf", read);
    }

    private Map<String, @Nullable Object> oneOf(@Nullable Object members, @Nullable String discriminator, Place place) {
        List<Alternative> exclusive = exclusive(members, discriminator, place);
        if (exclusive == null) {
            return alternatives(members, place);
        }
        List<@Nullable Object> read = new ArrayList<>();
        for (Alternative alternative : exclusive) {
            read.add(alternative(alternative));
        }
        return single("anyOf", read);
    }

    /** Null: any of them will do. */
    private @Nullable List<Alternative> exclusive(
            @Nullable Object members, @Nullable String discriminator, Place place) {
        if (enforcement == Enforcement.RELAXED || !(members instanceof List<?> list)) {
            return null;
        }
        try {
            return ExclusiveAlternatives.of(list, discriminator, references, place);
        } catch (GenerationException notToldApart) {
            if (enforcement.refuses()) {
                throw notToldApart;
            }
            return null;
        }
    }

    /** OpenAPI's word for the property by which the alternatives are told apart. */
    private static @Nullable String discriminator(Map<?, ?> schema) {
        return schema.get("discriminator") instanceof Map<?, ?> said && said.get("propertyName") instanceof String name
                ? name
                : null;
    }

    private Object alternative(Alternative alternative) {
        Object schema = alternative.schema();
        Place place = alternative.place();
        if (alternative.tags().isEmpty()) {
            return schema(schema, place);
        }
        Map<String, @Nullable Object> tagged =
                requiredTags.in(references.resolved(schema, place), alternative.tags(), place);
        boolean reference = schema instanceof Map<?, ?> keywords && keywords.containsKey("$ref");
        return reference ? single("$ref", "#/$defs/" + name(tagged, place)) : object(tagged, place);
    }

    private Map<String, @Nullable Object> allOf(@Nullable Object members, Place place) {
        if (members instanceof List<?> list && list.size() == 1) {
            Object only = schema(list.getFirst(), place.element(0));
            return only instanceof Map<?, ?> schema ? copy(schema) : new LinkedHashMap<>();
        }
        if (enforcement.refuses()) {
            throw Refusal.schema(place, "the keyword 'allOf' is only supported with one schema");
        }
        return new LinkedHashMap<>();
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> schema) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        schema.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private static Map<String, @Nullable Object> single(String keyword, Object value) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        schema.put(keyword, value);
        return schema;
    }
}
