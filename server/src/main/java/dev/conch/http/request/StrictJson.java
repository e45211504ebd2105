package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.micronaut.json.tree.JsonNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a body as exactly one JSON object in UTF-8: no byte order mark, no second value after it, no key twice, no half character, no
 * number that a double cannot hold, and no more nesting or tokens than a request can need. Thread-safe.
 */
final class StrictJson {
    private static final int MAX_DEPTH = 128;
    private static final int MAX_TOKENS = 200_000;
    private static final int MAX_KEY_CHARS = 1024;
    private static final int MAX_NUMBER_CHARS = 100;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNameLength(MAX_KEY_CHARS)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private StrictJson() {}

    /** @throws GenerationException {@code INVALID_JSON} or {@code JSON_TOO_COMPLEX} */
    static JsonNode object(byte[] body) {
        String text = decode(body);
        if (text.isBlank()) {
            throw invalid("The request body is empty (expected: a JSON object).");
        }
        JsonNode node = parse(text);
        if (!node.isObject()) {
            throw notAnObject();
        }
        return node;
    }

    private static String decode(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            if (text.startsWith("\uFEFF")) {
                throw invalid("The request body begins with a byte order mark (expected: JSON in UTF-8 without one).");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw invalid("The request body is not valid UTF-8.");
        }
    }

    private static JsonNode parse(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            JsonNode node = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw invalid("The request body goes on after its JSON object.");
            }
            return node;
        } catch (StreamConstraintsException e) {
            throw new GenerationException(
                    ErrorCode.JSON_TOO_COMPLEX,
                    "The request body is too deeply nested or has too many or too long parts (limits: depth %d, %d tokens, keys of %d characters)."
                            .formatted(MAX_DEPTH, MAX_TOKENS, MAX_KEY_CHARS));
        } catch (JacksonException e) {
            var place = e.getLocation();
            throw invalid("The request body is not valid JSON (line %d, column %d)."
                    .formatted(place.getLineNr(), place.getColumnNr()));
        }
    }

    private static JsonNode value(JsonParser parser, @Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> members(parser);
            case START_ARRAY -> elements(parser);
            case VALUE_STRING -> JsonNode.createStringNode(wellFormed(parser.getString(), parser));
            case VALUE_NUMBER_INT -> integer(ofReadableLength(parser));
            case VALUE_NUMBER_FLOAT -> decimal(ofReadableLength(parser));
            case VALUE_TRUE -> JsonNode.createBooleanNode(true);
            case VALUE_FALSE -> JsonNode.createBooleanNode(false);
            case VALUE_NULL -> JsonNode.nullNode();
            case null, default -> throw invalid("The request body is not valid JSON.");
        };
    }

    private static JsonNode members(JsonParser parser) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = wellFormed(parser.currentName(), parser);
            if (members.containsKey(name)) {
                throw invalidAt(parser, "'%s' stands twice");
            }
            members.put(name, value(parser, parser.nextToken()));
        }
        return JsonNode.createObjectNode(members);
    }

    private static JsonNode elements(JsonParser parser) {
        List<JsonNode> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(parser, token));
        }
        return JsonNode.createArrayNode(elements);
    }

    private static JsonParser ofReadableLength(JsonParser parser) {
        if (parser.getStringLength() > MAX_NUMBER_CHARS) {
            throw invalidAt(parser, "the number at '%s' has more than " + MAX_NUMBER_CHARS + " characters");
        }
        return parser;
    }

    private static JsonNode integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT, LONG -> JsonNode.createNumberNode(parser.getLongValue());
            default -> JsonNode.createNumberNode(parser.getBigIntegerValue());
        };
    }

    private static JsonNode decimal(JsonParser parser) {
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw invalidAt(parser, "the number at '%s' is out of range");
        }
        return JsonNode.createNumberNode(value);
    }

    /** JSON can spell half a surrogate pair, which no text has and no tokenizer takes. */
    private static String wellFormed(String text, JsonParser parser) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw invalidAt(parser, "there is an unpaired surrogate at '%s'");
            }
        }
        return text;
    }

    /**
     * What is wrong at a place inside; a body that is all of it wrong is no object either.
     *
     * @param fault with {@code %s} for the path of the value that the parser is at
     */
    private static GenerationException invalidAt(JsonParser parser, String fault) {
        if (parser.streamReadContext().inRoot()) {
            return notAnObject();
        }
        String path = JsonPath.of(parser.streamReadContext());
        return new GenerationException(
                ErrorCode.INVALID_JSON, "The request body is not valid: " + fault.formatted(path) + ".", path);
    }

    private static GenerationException notAnObject() {
        return invalid("The request body is not a JSON object.");
    }

    private static GenerationException invalid(String message) {
        return new GenerationException(ErrorCode.INVALID_JSON, message);
    }
}
