package dev.conch.constraint;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the references of a schema point to. They stay inside of it: what lies elsewhere is never fetched. What they point to is a schema,
 * and no value is described by a chain of references and alternatives that comes back to its own beginning. For one thread.
 */
final class SchemaReferences {
    private static final int MAX_CHAIN = 1_000;
    private static final int OPEN = -1;

    private final Map<?, ?> root;
    /** By identity: equal schemas at different places are not the same. */
    private final Set<Object> schemas = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Map<String, Object> anchors = new HashMap<>();

    SchemaReferences(Map<?, ?> root) {
        this.root = root;
        collect(root);
    }

    private void collect(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> schema)) {
            return;
        }
        schemas.add(schema);
        if (schema.get("$anchor") instanceof String anchor) {
            anchors.put(anchor, schema);
        }
        SchemaKeywords.ONE.forEach(keyword -> collect(schema.get(keyword)));
        for (String keyword : SchemaKeywords.LISTS) {
            if (schema.get(keyword) instanceof List<?> list) {
                list.forEach(this::collect);
            }
        }
        for (String keyword : SchemaKeywords.MAPS) {
            if (schema.get(keyword) instanceof Map<?, ?> named) {
                named.values().forEach(this::collect);
            }
        }
    }

    /** The schema that a reference means: an object, or {@code true}. */
    Object target(String reference, Place place) {
        if (!reference.startsWith("#")) {
            throw Refusal.schema(
                    place,
                    "'%s' points outside of the schema, and nothing is fetched (expected: '#/...')"
                            .formatted(Place.shown(reference)));
        }
        Object target = find(reference);
        if (target == null) {
            throw Refusal.schema(place, "'%s' points to no schema".formatted(Place.shown(reference)));
        }
        return target;
    }

    /** The schema behind all references; without keywords if it is none of an object. Chains end, because loops were refused. */
    Map<?, ?> resolved(@Nullable Object schema, Place place) {
        Object at = schema;
        while (at instanceof Map<?, ?> keywords && keywords.get("$ref") instanceof String reference) {
            at = target(reference, place);
        }
        return at instanceof Map<?, ?> keywords ? keywords : Map.of();
    }

    private @Nullable Object find(String reference) {
        Object target = reference.startsWith("#") ? inside(reference.substring(1)) : null;
        boolean schema = target != null && (schemas.contains(target) || Boolean.TRUE.equals(target));
        return schema ? target : null;
    }

    private @Nullable Object inside(String fragment) {
        if (fragment.isEmpty()) {
            return root;
        }
        return fragment.startsWith("/") ? pointer(fragment) : anchors.get(fragment);
    }

    private @Nullable Object pointer(String pointer) {
        Object at = root;
        for (String step : decode(pointer.substring(1)).split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            at = switch (at) {
                case Map<?, ?> members -> members.get(name);
                case List<?> elements -> element(elements, name);
                case null, default -> null;
            };
        }
        return at;
    }

    private static @Nullable Object element(List<?> elements, String index) {
        boolean number = index.matches("0|[1-9][0-9]{0,5}");
        return number && Integer.parseInt(index) < elements.size() ? elements.get(Integer.parseInt(index)) : null;
    }

    private static String decode(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }

    /** Refuses references that lead back to themselves before any value was begun, and chains of them that are too long. */
    void refuseLoops(Place place) {
        IdentityHashMap<Object, Integer> lengths = new IdentityHashMap<>();
        for (Object schema : schemas) {
            chain((Map<?, ?>) schema, lengths, place, 0);
        }
    }

    /** The longest chain that begins at a schema; the same wherever the walk began, as schemas are met in no order of their own. */
    private int chain(Map<?, ?> schema, IdentityHashMap<Object, Integer> lengths, Place place, int above) {
        Integer known = lengths.get(schema);
        if (known != null) {
            if (known == OPEN) {
                throw Refusal.schema(place, "a '$ref' leads back to itself without an object or a list in between");
            }
            return known;
        }
        limit(above, place);
        lengths.put(schema, OPEN);
        int longest = 0;
        for (Map<?, ?> next : followers(schema)) {
            longest = Math.max(longest, 1 + chain(next, lengths, place, above + 1));
        }
        limit(longest, place);
        lengths.put(schema, longest);
        return longest;
    }

    private static void limit(int length, Place place) {
        if (length > MAX_CHAIN) {
            throw Refusal.tooComplex(
                    place, "too long a chain of references and alternatives (limit: %d)".formatted(MAX_CHAIN));
        }
    }

    /** The schemas that a value is described by as well. */
    private List<Map<?, ?>> followers(Map<?, ?> schema) {
        List<Map<?, ?>> followers = new ArrayList<>();
        if (schema.get("$ref") instanceof String reference && find(reference) instanceof Map<?, ?> target) {
            followers.add(target);
        }
        for (String keyword : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.get(keyword) instanceof List<?> members) {
                for (Object member : members) {
                    if (member instanceof Map<?, ?> inner) {
                        followers.add(inner);
                    }
                }
            }
        }
        return followers;
    }
}
