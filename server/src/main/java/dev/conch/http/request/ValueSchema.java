package dev.conch.http.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Type and range of a parameter, as JSON Schema has it. Only the keywords below are read; a value of another shape has a reader of its own.
 *
 * @param keywords plain values, as YAML has them
 */
public record ValueSchema(Map<String, ?> keywords) {
    static final ValueSchema ANYTHING = new ValueSchema(Map.of());

    /** Of what a list or a map is made. */
    ValueSchema elements() {
        Object inner = keywords.containsKey("items") ? keywords.get("items") : keywords.get("additionalProperties");
        return inner instanceof Map<?, ?> schema ? of(schema) : ANYTHING;
    }

    static ValueSchema of(Map<?, ?> keywords) {
        var named = new LinkedHashMap<String, Object>();
        keywords.forEach((keyword, value) -> named.put(String.valueOf(keyword), value));
        return new ValueSchema(named);
    }

    double minimum() {
        return number("minimum", number("exclusiveMinimum", Double.NEGATIVE_INFINITY))
                .doubleValue();
    }

    boolean minimumExcluded() {
        return keywords.containsKey("exclusiveMinimum");
    }

    double maximum() {
        return number("maximum", Double.POSITIVE_INFINITY).doubleValue();
    }

    int leastInteger() {
        return number("minimum", Integer.MIN_VALUE).intValue();
    }

    int greatestInteger() {
        return number("maximum", Integer.MAX_VALUE).intValue();
    }

    int minLength() {
        return number("minLength", 0).intValue();
    }

    int maxLength() {
        return number("maxLength", Integer.MAX_VALUE).intValue();
    }

    int maxItems() {
        return number("maxItems", Integer.MAX_VALUE).intValue();
    }

    int maxProperties() {
        return number("maxProperties", Integer.MAX_VALUE).intValue();
    }

    /** The only values there are; empty: all are. */
    List<?> choices() {
        return keywords.get("enum") instanceof List<?> choices ? choices : List.of();
    }

    @Nullable Pattern pattern() {
        return keywords.get("pattern") instanceof String pattern ? Pattern.compile(pattern) : null;
    }

    boolean flagDefault() {
        return Boolean.TRUE.equals(keywords.get("default"));
    }

    @Nullable Integer integerDefault() {
        return keywords.get("default") instanceof Integer value ? value : null;
    }

    private Number number(String keyword, Number absent) {
        return keywords.get(keyword) instanceof Number value ? value : absent;
    }
}
