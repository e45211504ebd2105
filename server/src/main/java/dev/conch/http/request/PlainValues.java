package dev.conch.http.request;

import io.micronaut.json.tree.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON whose shape is the client's affair, as plain values: null, Boolean, String, Long, BigInteger, Double, List, and Map in the order of
 * its keys. No number loses a digit that a double can hold.
 */
final class PlainValues {
    private PlainValues() {}

    static Map<String, @Nullable Object> object(JsonNode object) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        object.entries().forEach(member -> members.put(member.getKey(), value(member.getValue())));
        return members;
    }

    static @Nullable Object value(JsonNode node) {
        if (node.isObject()) {
            return object(node);
        }
        if (node.isArray()) {
            return array(node);
        }
        if (node.isString()) {
            return node.getStringValue();
        }
        if (node.isBoolean()) {
            return node.getBooleanValue();
        }
        return node.isNull() ? null : node.getNumberValue();
    }

    private static List<@Nullable Object> array(JsonNode array) {
        List<@Nullable Object> elements = new ArrayList<>(array.size());
        array.values().forEach(element -> elements.add(value(element)));
        return elements;
    }
}
