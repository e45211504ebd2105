package dev.conch.output.toolcall.schema;

import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types that one schema names, in its order. For one schema and one thread. */
final class NamedTypes {
    private static final List<String> COMBINING = List.of("anyOf", "oneOf", "allOf");

    private final Definitions definitions;
    private final Set<String> types = new LinkedHashSet<>();
    private int visits = ParameterSchemas.MOST_VISITS;

    private NamedTypes(Definitions definitions) {
        this.definitions = definitions;
    }

    static Set<String> of(Map<?, ?> schema, Definitions definitions) {
        var named = new NamedTypes(definitions);
        named.collect(schema);
        return named.types;
    }

    private void collect(Map<?, ?> schema) {
        if (--visits < 0) {
            return;
        }
        add(schema.get("type"));
        if (types.isEmpty() && schema.containsKey("const")) {
            types.add(typeOf(schema.get("const")));
        }
        if (types.isEmpty() && schema.get("enum") instanceof List<?> choices) {
            choices.forEach(choice -> types.add(typeOf(choice)));
        }
        if (schema.get("$ref") instanceof String) {
            collect(definitions.target(schema));
        }
        for (String keyword : COMBINING) {
            Definitions.listed(schema, keyword).forEach(each -> collect(Definitions.map(each)));
        }
    }

    private void add(@Nullable Object type) {
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
}
