package dev.conch.constraint;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The types of JSON Schema. */
final class JsonTypes {
    private JsonTypes() {}

    /** What the keyword {@code type} lists; empty: it is absent, and every type will do. */
    static List<String> of(@Nullable Object keyword) {
        return switch (keyword) {
            case String type -> List.of(type);
            case List<?> types -> types.stream().map(String::valueOf).distinct().toList();
            case null, default -> List.of();
        };
    }

    static boolean conforms(@Nullable Object value, @Nullable Object keyword) {
        List<String> types = of(keyword);
        String type = typeOf(value);
        return types.contains(type) || (type.equals("integer") && types.contains("number"));
    }

    /** The narrowest type of a value. */
    static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean ignored -> "boolean";
            case String ignored -> "string";
            case List<?> ignored -> "array";
            case Map<?, ?> ignored -> "object";
            case Double number -> number == Math.rint(number) ? "integer" : "number";
            default -> "integer";
        };
    }

    /** Whether no value is of both kinds. */
    static boolean disjoint(List<String> some, List<String> others) {
        var kinds = new TreeSet<String>();
        some.forEach(type -> kinds.add(kind(type)));
        return others.stream().map(JsonTypes::kind).noneMatch(kinds::contains);
    }

    /** All whole numbers are numbers. */
    private static String kind(String type) {
        return type.equals("integer") ? "number" : type;
    }
}
