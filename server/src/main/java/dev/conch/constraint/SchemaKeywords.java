package dev.conch.constraint;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keywords of JSON Schema, by what they are for. docs/structured-output.md shows the same as a table. */
final class SchemaKeywords {
    /** Hold one schema. */
    static final Set<String> ONE = Set.of(
            "items",
            "additionalProperties",
            "not",
            "if",
            "then",
            "else",
            "contains",
            "propertyNames",
            "unevaluatedItems",
            "unevaluatedProperties");

    /** Hold a list of schemas. */
    static final Set<String> LISTS = Set.of("allOf", "anyOf", "oneOf", "prefixItems");

    /** Hold schemas by name. */
    static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "dependentSchemas", "$defs", "definitions");

    /** Apply to the very value that the schema around them is about, with the order in which one of them stands for a schema. */
    static final List<String> SHAPES = List.of("$ref", "const", "enum", "anyOf", "oneOf", "allOf");

    /** Say something of values of one type only. */
    static final Map<String, Set<String>> OF_TYPE = Map.of(
            "string", Set.of("minLength", "maxLength", "pattern", "format"),
            "number", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
            "array", Set.of("items", "prefixItems", "minItems", "maxItems"),
            "object", Set.of("properties", "required", "additionalProperties"));

    /** Promise something that the engines do not keep alike. */
    static final Set<String> NOT_ENFORCED = Set.of(
            "$dynamicRef",
            "$recursiveRef",
            "$id",
            "not",
            "if",
            "then",
            "else",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
            "additionalItems",
            "unevaluatedItems",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "dependencies",
            "unevaluatedProperties");

    /** Promise nothing of a value. */
    static final Set<String> ANNOTATIONS = Set.of(
            "$schema",
            "$comment",
            "$vocabulary",
            "$anchor",
            "$dynamicAnchor",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "example",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
            "discriminator",
            "externalDocs",
            "xml");

    /** What both engines know the form of. */
    static final Set<String> FORMATS =
            Set.of("date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri");

    private SchemaKeywords() {}

    /** Whether a keyword promises nothing of a value. */
    static boolean isAnnotation(String keyword) {
        return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
    }

    /** Whether a keyword that is not enforced asks for nothing by this value. */
    static boolean asksForNothing(String keyword, Object value) {
        return switch (keyword) {
            case "uniqueItems" -> Boolean.FALSE.equals(value);
            case "minProperties" -> value instanceof Number number && number.doubleValue() == 0;
            case "unevaluatedItems", "unevaluatedProperties", "additionalItems" -> Boolean.TRUE.equals(value);
            case "propertyNames" ->
                Boolean.TRUE.equals(value) || Map.of("type", "string").equals(value);
            case "patternProperties", "dependentRequired", "dependentSchemas", "dependencies" ->
                value instanceof Map<?, ?> members && members.isEmpty();
            default -> false;
        };
    }
}
