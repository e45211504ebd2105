package dev.conch.http.request;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plain values as JSON on one line, which YAML reads too. */
public final class PlainJson {
    private PlainJson() {}

    /** The JSON of a map, a list, a text, a number, a boolean or null. */
    public static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> of(entry.getKey()) + ": " + of(entry.getValue()))
                        .collect(joining(", ", "{", "}"));
            case List<?> list -> list.stream().map(PlainJson::of).collect(joining(", ", "[", "]"));
            case String text -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            default -> value.toString();
        };
    }
}
