package dev.conch.chat.jinja;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as the plain values that templates are rendered with: integers of any size, and floats apart from them. */
final class PlainJson {
    private PlainJson() {}

    static Map<String, @Nullable Object> object(JsonObject json) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        json.entrySet().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
        return map;
    }

    static @Nullable Object value(@Nullable JsonElement json) {
        return switch (json) {
            case JsonObject object -> object(object);
            case JsonArray array -> array(array);
            case JsonPrimitive primitive -> primitive(primitive);
            case null, default -> null;
        };
    }

    private static List<@Nullable Object> array(JsonArray json) {
        List<@Nullable Object> list = new ArrayList<>();
        json.forEach(element -> list.add(value(element)));
        return list;
    }

    private static Object primitive(JsonPrimitive primitive) {
        if (primitive.isString()) {
            return primitive.getAsString();
        }
        return primitive.isBoolean() ? (Object) primitive.getAsBoolean() : number(primitive.getAsString());
    }

    private static Object number(String digits) {
        boolean whole = digits.chars().allMatch(digit -> digit == '-' || Character.isDigit(digit));
        return whole ? new BigInteger(digits) : (Object) Double.parseDouble(digits);
    }
}
