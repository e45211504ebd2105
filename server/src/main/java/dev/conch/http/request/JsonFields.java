package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.micronaut.json.tree.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one JSON object, read with errors that name the field by its path. A JSON null counts as absent. */
final class JsonFields {
    private final JsonNode object;
    private final String path;

    /** @param path of the object in the request: empty for the request itself, else such as {@code messages[2]} */
    JsonFields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** @throws GenerationException {@code INVALID_TYPE} if the node is no object */
    static JsonFields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw wrongType(path, "an object", node);
        }
        return new JsonFields(node, path);
    }

    /** Where the object is. */
    String path() {
        return path;
    }

    /** The object as plain values. */
    Map<String, @Nullable Object> plain() {
        return PlainValues.object(object);
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    @Nullable JsonNode node(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    JsonNode requiredNode(String name) {
        JsonNode node = node(name);
        if (node == null) {
            throw missing(name);
        }
        return node;
    }

    /** As {@link #node}, of a field that may be null but not left out. */
    @Nullable JsonNode requiredNullableNode(String name) {
        if (object.get(name) == null) {
            throw missing(name);
        }
        return node(name);
    }

    private GenerationException missing(String name) {
        return new GenerationException(
                ErrorCode.MISSING_REQUIRED_PARAMETER, "Missing required parameter: '" + path(name) + "'.", path(name));
    }

    Iterable<Map.Entry<String, JsonNode>> entries() {
        return object.entries();
    }

    @Nullable String string(String name, int maxChars) {
        JsonNode node = node(name);
        return node == null ? null : string(node, path(name), maxChars);
    }

    String requiredString(String name, int maxChars) {
        return string(requiredNode(name), path(name), maxChars);
    }

    static String string(JsonNode node, String path, int maxChars) {
        if (!node.isString()) {
            throw wrongType(path, "a string", node);
        }
        String value = node.getStringValue();
        if (value.length() > maxChars) {
            throw new GenerationException(
                    ErrorCode.STRING_ABOVE_MAX_LENGTH,
                    "Invalid '%s': string too long. Expected at most %d characters, but got %d."
                            .formatted(path, maxChars, value.length()),
                    path);
        }
        return value;
    }

    boolean bool(String name, boolean defaultValue) {
        JsonNode node = node(name);
        if (node == null) {
            return defaultValue;
        }
        if (!node.isBoolean()) {
            throw wrongType(path(name), "a boolean", node);
        }
        return node.getBooleanValue();
    }

    @Nullable Double number(String name, ValueSchema range) {
        JsonNode node = node(name);
        return node == null ? null : number(node, path(name), range);
    }

    static double number(JsonNode node, String path, ValueSchema range) {
        if (!node.isNumber()) {
            throw wrongType(path, "a number", node);
        }
        double value = node.getNumberValue().doubleValue();
        boolean tooSmall = range.minimumExcluded() ? value <= range.minimum() : value < range.minimum();
        if (tooSmall || value > range.maximum()) {
            String form = range.minimumExcluded()
                    ? "expected a number above %s and at most %s"
                    : "expected a number between %s and %s";
            throw invalid(path, form.formatted(plain(range.minimum()), plain(range.maximum())));
        }
        return value;
    }

    @Nullable Integer integer(String name, ValueSchema range) {
        JsonNode node = node(name);
        return node == null ? null : integer(node, path(name), range);
    }

    /** A whole number of the range, which is one of 32 bits at most. */
    static int integer(JsonNode node, String path, ValueSchema range) {
        BigInteger value = wholeNumber(node, path);
        if (value.compareTo(BigInteger.valueOf(range.leastInteger())) < 0) {
            throw invalid(path, "expected a whole number of at least " + range.leastInteger());
        }
        if (value.compareTo(BigInteger.valueOf(range.greatestInteger())) > 0) {
            throw aboveMaximum(path, range.greatestInteger());
        }
        return value.intValue();
    }

    static GenerationException aboveMaximum(String path, int maximum) {
        return new GenerationException(
                ErrorCode.INTEGER_ABOVE_MAX_VALUE,
                "Invalid '%s': integer above maximum value. Expected at most %d.".formatted(path, maximum),
                path);
    }

    /** A whole number of 64 bits, with a sign. */
    @Nullable Long int64(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        BigInteger value = wholeNumber(node, path(name));
        if (value.bitLength() > 63) {
            throw invalidValue(name, "expected a whole number of 64 bits");
        }
        return value.longValue();
    }

    private static BigInteger wholeNumber(JsonNode node, String path) {
        if (!node.isNumber() || node.getNumberValue() instanceof Double) {
            throw wrongType(path, "an integer", node);
        }
        return node.getBigIntegerValue();
    }

    /** Elements with their paths. */
    List<Element> array(String name, JsonNode node, int maxLength) {
        return array(node, path(name), maxLength);
    }

    static List<Element> array(JsonNode node, String path, int maxLength) {
        if (!node.isArray()) {
            throw wrongType(path, "an array", node);
        }
        if (node.size() > maxLength) {
            throw new GenerationException(
                    ErrorCode.ARRAY_ABOVE_MAX_LENGTH,
                    "Invalid '%s': array too long. Expected at most %d elements, but got %d."
                            .formatted(path, maxLength, node.size()),
                    path);
        }
        var elements = new ArrayList<Element>();
        for (JsonNode element : node.values()) {
            elements.add(new Element(element, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    /** One element of an array. */
    record Element(JsonNode node, String path) {}

    GenerationException invalidValue(String name, String expectation) {
        return invalid(path(name), expectation);
    }

    static GenerationException invalid(String path, String expectation) {
        return new GenerationException(ErrorCode.INVALID_VALUE, "Invalid '%s': %s.".formatted(path, expectation), path);
    }

    static GenerationException wrongType(String path, String expected, JsonNode got) {
        return new GenerationException(
                ErrorCode.INVALID_TYPE,
                "Invalid type for '%s': expected %s, but got %s instead.".formatted(path, expected, typeOf(got)),
                path);
    }

    private static String typeOf(JsonNode node) {
        if (node.isObject()) {
            return "an object";
        }
        if (node.isArray()) {
            return "an array";
        }
        if (node.isString()) {
            return "a string";
        }
        if (node.isBoolean()) {
            return "a boolean";
        }
        return node.isNull() ? "null" : "a number";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
