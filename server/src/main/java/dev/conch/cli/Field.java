package dev.conch.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fields of a JSON object by their types. What is not as expected is told by its name. */
final class Field {
    private Field() {}

    static String text(Map<?, ?> object, String name) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw unexpected(name, "a string");
    }

    static List<?> list(Map<?, ?> object, String name) {
        if (object.get(name) instanceof List<?> list) {
            return list;
        }
        throw unexpected(name, "a list");
    }

    static @Nullable List<?> optionalList(Map<?, ?> object, String name) {
        return object.get(name) == null ? null : list(object, name);
    }

    static Map<?, ?> map(@Nullable Object value, String name) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw unexpected(name, "an object");
    }

    static @Nullable Map<?, ?> optionalMap(Map<?, ?> object, String name) {
        return object.get(name) == null ? null : map(object.get(name), name);
    }

    /** The same object, known to have names as keys. */
    static Map<String, @Nullable Object> named(Map<?, ?> object) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        object.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }

    private static IllegalArgumentException unexpected(String name, String expected) {
        return new IllegalArgumentException(name + " is missing or of another type (expected: " + expected + ")");
    }
}
