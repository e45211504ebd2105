package dev.conch.constraint;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.NodePath;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The meta-schema of JSON Schema 2020-12, which every schema conforms to whatever it calls itself. It comes with the validator, and so do
 * the vocabularies that it refers to; nothing is fetched. Thread-safe.
 */
final class MetaSchema {
    private static final int MAX_MESSAGE_CHARS = 100;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Schema DRAFT_2020_12 = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(Dialects.getDraft202012().getId()));

    private MetaSchema() {}

    /** To be asked of schemas whose size is known to be within limits. */
    static void check(Map<?, ?> schema, Place place) {
        errors(schema, place).stream()
                .max(Comparator.comparingInt(
                        error -> error.getInstanceLocation().getNameCount()))
                .ifPresent(error -> {
                    throw Refusal.schema(
                            place(error.getInstanceLocation(), place),
                            "no JSON Schema of draft 2020-12 (%s)".formatted(message(error)));
                });
    }

    private static List<Error> errors(Map<?, ?> schema, Place place) {
        try {
            return DRAFT_2020_12.validate(node(schema));
        } catch (JacksonException e) {
            // The validator compares whole numbers as those of 64 bits.
            throw Refusal.schema(place, "no JSON Schema of draft 2020-12 (a number is out of range)");
        }
    }

    private static String message(Error error) {
        String message = error.getMessage();
        return message.length() <= MAX_MESSAGE_CHARS ? message : message.substring(0, MAX_MESSAGE_CHARS) + "…";
    }

    private static Place place(NodePath path, Place root) {
        Place place = root;
        for (int i = 0; i < path.getNameCount(); i++) {
            place = path.getElement(i) instanceof Integer index ? place.element(index) : place.member(path.getName(i));
        }
        return place;
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Map<?, ?> members -> object(members);
            case List<?> elements -> array(elements);
            case String text -> NODES.stringNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case BigInteger number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Number number -> NODES.numberNode(number.longValue());
            default -> throw new IllegalArgumentException("not a plain value: " + value.getClass());
        };
    }

    private static ObjectNode object(Map<?, ?> members) {
        ObjectNode object = NODES.objectNode();
        members.forEach((key, value) -> object.set(String.valueOf(key), node(value)));
        return object;
    }

    private static ArrayNode array(List<?> elements) {
        ArrayNode array = NODES.arrayNode();
        elements.forEach(element -> array.add(node(element)));
        return array;
    }
}
