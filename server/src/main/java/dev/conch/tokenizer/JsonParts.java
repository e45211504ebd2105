package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a {@code tokenizer.json}: objects with a {@code type}, some of which are sequences of others. */
final class JsonParts {
    private JsonParts() {}

    /**
     * A field that must be there.
     *
     * @throws JsonParseException if it is not
     */
    static JsonElement require(JsonObject json, String field) {
        JsonElement value = json.get(field);
        if (value == null) {
            throw new JsonParseException(field + ": missing");
        }
        return value;
    }

    static String type(JsonObject part) {
        return require(part, "type").getAsString();
    }

    static boolean isType(JsonObject part, String type) {
        return new JsonPrimitive(type).equals(part.get("type"));
    }

    /** A yes or no that may be absent or null. */
    static boolean flag(JsonObject json, String field, boolean otherwise) {
        return isNull(json.get(field)) ? otherwise : json.get(field).getAsBoolean();
    }

    /** The two halves of a merge, written as a list, or as one text with a space between them. */
    record Merge(String left, String right) {
        static Merge of(JsonElement merge) {
            if (merge.isJsonArray()) {
                JsonArray pair = merge.getAsJsonArray();
                return new Merge(pair.get(0).getAsString(), pair.get(1).getAsString());
            }
            String[] pair = merge.getAsString().split(" ", 2);
            return new Merge(pair[0], pair.length == 2 ? pair[1] : "");
        }
    }

    /** An array that may be absent or null. */
    static JsonArray array(JsonObject json, String field) {
        return isNull(json.get(field)) ? new JsonArray() : json.getAsJsonArray(field);
    }

    static boolean isNull(@Nullable JsonElement element) {
        return element == null || element.isJsonNull();
    }

    /** A part, or those that it is a sequence of, however deep; none if there is no such part. */
    static List<JsonObject> flatten(@Nullable JsonElement part, String sequenceField) {
        List<JsonObject> parts = new ArrayList<>();
        if (part != null && !part.isJsonNull()) {
            collect(part.getAsJsonObject(), sequenceField, parts);
        }
        return parts;
    }

    private static void collect(JsonObject part, String sequenceField, List<JsonObject> into) {
        if (type(part).equals("Sequence")) {
            require(part, sequenceField)
                    .getAsJsonArray()
                    .forEach(inner -> collect(inner.getAsJsonObject(), sequenceField, into));
        } else {
            into.add(part);
        }
    }

    static List<JsonObject> normalizers(JsonObject file) {
        return flatten(file.get("normalizer"), "normalizers");
    }

    static List<JsonObject> preTokenizers(JsonObject file) {
        return flatten(file.get("pre_tokenizer"), "pretokenizers");
    }

    /** Whether the text is changed before it is split; a sequence of no normalizers does not. */
    static boolean normalizes(JsonObject file) {
        return !normalizers(file).isEmpty();
    }
}
