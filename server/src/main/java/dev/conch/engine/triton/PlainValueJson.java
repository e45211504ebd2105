package dev.conch.engine.triton;

import java.io.StringWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes plain values (null, Boolean, String, Long, Integer, BigInteger, Double, List, Map) as JSON, members in their order. */
final class PlainValueJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private PlainValueJson() {}

    static String write(@Nullable Object value) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(value, json);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator json) {
        switch (value) {
            case null -> json.writeNull();
            case Boolean truth -> json.writeBoolean(truth);
            case String text -> json.writeString(text);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case List<?> elements -> array(elements, json);
            case Map<?, ?> members -> object(members, json);
            default -> throw new IllegalArgumentException("not a plain value: " + value.getClass());
        }
    }

    private static void array(List<?> elements, JsonGenerator json) {
        json.writeStartArray();
        elements.forEach(element -> write(element, json));
        json.writeEndArray();
    }

    private static void object(Map<?, ?> members, JsonGenerator json) {
        json.writeStartObject();
        members.forEach((name, value) -> {
            json.writeName(String.valueOf(name));
            write(value, json);
        });
        json.writeEndObject();
    }
}
