package dev.conch.constraint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A schema that says its values one by one. Its {@code type} is obeyed here: engines read one of the two. */
final class EnumeratedSchema {
    private EnumeratedSchema() {}

    static Map<String, @Nullable Object> read(Map<String, @Nullable Object> schema, Place place) {
        String keyword = schema.containsKey("const") ? "const" : "enum";
        List<@Nullable Object> left = new ArrayList<>();
        for (Object value : values(schema)) {
            if (schema.get("enum") instanceof List<?> listed && !listed.contains(value)) {
                continue;
            }
            if (JsonTypes.of(schema.get("type")).isEmpty() || JsonTypes.conforms(value, schema.get("type"))) {
                left.add(value);
            }
        }
        if (left.isEmpty()) {
            throw Refusal.schema(
                    place.member(keyword), "no value of '%s' conforms to what is beside it".formatted(keyword));
        }
        Map<String, @Nullable Object> read = new LinkedHashMap<>();
        read.put(keyword, keyword.equals("const") ? left.getFirst() : left);
        return read;
    }

    static List<?> values(Map<?, ?> schema) {
        if (schema.containsKey("const")) {
            return Collections.singletonList(schema.get("const"));
        }
        return schema.get("enum") instanceof List<?> values ? values : List.of();
    }
}
