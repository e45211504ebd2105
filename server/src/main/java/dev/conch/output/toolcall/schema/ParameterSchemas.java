package dev.conch.output.toolcall.schema;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a function's schema says of each of its parameters.
 *
 * <p>The text of an argument does not tell 42 from "42". As in vLLM's parsers, the first type that a schema names, other than null, decides:
 * a string is the text as it stands, anything else is JSON. A declared parameter of no type may be anything, so it is JSON if it looks
 * like JSON; one that is not declared is a string.
 */
public final class ParameterSchemas {
    /** Where a schema's references and alternatives are no longer followed. */
    private static final int DEEPEST = 16;

    private final Map<String, ? extends @Nullable Object> root;
    /** The root, or what it refers to. */
    private final Map<?, ?> object;

    private final Map<?, ?> properties;

    /** @param parameters schema of the arguments object */
    public ParameterSchemas(Map<String, ? extends @Nullable Object> parameters) {
        this.root = parameters;
        this.object = resolve(parameters);
        this.properties = map(object.get("properties"));
    }

    /** Names of the declared parameters, in the schema's order. */
    public List<String> names() {
        return properties.keySet().stream().map(String::valueOf).toList();
    }

    /** Whether the function takes arguments of any name, because nothing is said of any. */
    public boolean unspecified() {
        return root.isEmpty();
    }

    public boolean required(String name) {
        return object.get("required") instanceof List<?> required && required.contains(name);
    }

    public ValueForm form(String name) {
        Object schema = properties.containsKey(name) ? properties.get(name) : object.get("additionalProperties");
        if (!properties.containsKey(name) && !(schema instanceof Map)) {
            return ValueForm.TEXT;
        }
        Set<String> types = new LinkedHashSet<>();
        collectTypes(map(schema), types, 0);
        boolean nullable = types.remove("null");
        if (types.isEmpty() || !types.iterator().next().equals("string")) {
            return ValueForm.JSON;
        }
        return nullable ? ValueForm.TEXT_OR_NULL : ValueForm.TEXT;
    }

    /** The strings that a parameter is limited to; empty if it may be any. */
    public List<String> choices(String name) {
        Map<?, ?> schema = resolve(map(properties.get(name)));
        Object choices =
                schema.containsKey("const") ? List.of(String.valueOf(schema.get("const"))) : schema.get("enum");
        return choices instanceof List<?> list
                ? list.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    /** The schema of one parameter, by itself: with the definitions that it may refer to. */
    public Map<String, @Nullable Object> schema(String name) {
        Map<String, @Nullable Object> schema = new LinkedHashMap<>();
        map(properties.get(name)).forEach((key, value) -> schema.put(String.valueOf(key), value));
        for (String definitions : List.of("$defs", "definitions")) {
            if (root.containsKey(definitions)) {
                schema.putIfAbsent(definitions, root.get(definitions));
            }
        }
        return schema;
    }

    private void collectTypes(Map<?, ?> schema, Set<String> types, int depth) {
        if (depth > DEEPEST) {
            return;
        }
        add(schema.get("type"), types);
        if (types.isEmpty() && schema.containsKey("const")) {
            types.add(typeOf(schema.get("const")));
        }
        if (types.isEmpty() && schema.get("enum") instanceof List<?> choices) {
            choices.forEach(choice -> types.add(typeOf(choice)));
        }
        if (schema.get("$ref") instanceof String) {
            collectTypes(target(schema), types, depth + 1);
        }
        for (String keyword : List.of("anyOf", "oneOf", "allOf")) {
            if (schema.get(keyword) instanceof List<?> alternatives) {
                alternatives.forEach(alternative -> collectTypes(map(alternative), types, depth + 1));
            }
        }
    }

    private static void add(@Nullable Object type, Set<String> types) {
        if (type instanceof String name) {
            types.add(name);
        } else if (type instanceof List<?> names) {
            names.forEach(name -> types.add(String.valueOf(name)));
        }
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String _ -> "string";
            case Boolean _ -> "boolean";
            case Long _, BigInteger _ -> "integer";
            case Number _ -> "number";
            case List<?> _ -> "array";
            default -> "object";
        };
    }

    private Map<?, ?> resolve(Map<?, ?> schema) {
        Map<?, ?> resolved = schema;
        for (int depth = 0; depth < DEEPEST && resolved.containsKey("$ref"); depth++) {
            resolved = target(resolved);
        }
        return resolved;
    }

    /** What a schema refers to, if that is a definition next to the parameters; anything else may be of any type. */
    private Map<?, ?> target(Map<?, ?> schema) {
        String[] path = String.valueOf(schema.get("$ref")).split("/", -1);
        return path.length == 3 && path[0].equals("#")
                ? map(map(root.get(path[1])).get(path[2]))
                : Map.of();
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }
}
