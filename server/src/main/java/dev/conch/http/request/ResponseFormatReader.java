package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.ResponseFormat;
import io.micronaut.json.tree.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the answer must look like: OpenAI's {@code response_format}, and vLLM's {@code structured_outputs}, {@code guided_*} and
 * {@code structural_tag}. A request says it once.
 */
final class ResponseFormatReader {
    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final List<String> PARAMETERS = List.of(
            "response_format",
            "structured_outputs",
            "guided_json",
            "guided_regex",
            "guided_choice",
            "guided_grammar",
            "structural_tag");

    /** The fields of {@code structured_outputs}, each of which stands for a parameter with {@code guided_} before it. */
    private static final List<String> KINDS =
            List.of("json", "regex", "choice", "grammar", "json_object", "structural_tag");

    private ResponseFormatReader() {}

    static ResponseFormat read(RequestParameters request) {
        JsonFields fields = request.fields();
        ResponseFormat format = new ResponseFormat.Text();
        String from = "";
        for (String name : PARAMETERS) {
            ResponseFormat next = fields.node(name) == null ? new ResponseFormat.Text() : read(name, fields);
            if (!(next instanceof ResponseFormat.Text)) {
                refuseSecond(from, name, fields);
                format = next;
                from = name;
            }
        }
        return format;
    }

    private static void refuseSecond(String first, String second, JsonFields fields) {
        if (!first.isEmpty()) {
            throw fields.invalidValue(second, "not together with '" + fields.path(first) + "'");
        }
    }

    private static ResponseFormat read(String name, JsonFields fields) {
        return switch (name) {
            case "response_format" -> responseFormat(object(name, fields));
            case "structured_outputs" -> structuredOutputs(object(name, fields));
            default -> kind(name.replace("guided_", ""), name, fields);
        };
    }

    private static JsonFields object(String name, JsonFields fields) {
        return JsonFields.of(fields.requiredNode(name), fields.path(name));
    }

    private static ResponseFormat responseFormat(JsonFields format) {
        String type = format.requiredString("type", NO_LIMIT);
        return switch (type) {
            case "text" -> new ResponseFormat.Text();
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> jsonSchema(object(type, format));
            case "structural_tag" -> new ResponseFormat.StructuralTag(format.plain(), format.path());
            default ->
                throw format.invalidValue("type", "expected one of [text, json_object, json_schema, structural_tag]");
        };
    }

    private static ResponseFormat jsonSchema(JsonFields described) {
        ToolReader.name(described);
        described.string("description", NO_LIMIT);
        boolean strict = described.bool("strict", false);
        String path = described.path("schema");
        JsonNode node = described.node("schema");
        if (node == null) {
            return new ResponseFormat.JsonSchema(Map.of(), strict, path);
        }
        return new ResponseFormat.JsonSchema(JsonFields.of(node, path).plain(), strict, path);
    }

    private static ResponseFormat structuredOutputs(JsonFields outputs) {
        ResponseFormat format = new ResponseFormat.Text();
        String from = "";
        for (Map.Entry<String, JsonNode> field : outputs.entries()) {
            String name = field.getKey();
            if (asksForNothing(field.getValue())) {
                continue;
            }
            if (!KINDS.contains(name)) {
                throw UnsupportedParameters.refused(outputs.path(name), "is not supported by this server");
            }
            refuseSecond(from, name, outputs);
            format = kind(name, name, outputs);
            from = name;
        }
        if (from.isEmpty()) {
            throw JsonFields.invalid(outputs.path(), "expected one of " + KINDS);
        }
        return format;
    }

    private static boolean asksForNothing(JsonNode value) {
        return value.isNull() || (value.isBoolean() && !value.getBooleanValue());
    }

    private static ResponseFormat kind(String kind, String name, JsonFields fields) {
        String path = fields.path(name);
        return switch (kind) {
            case "json" -> new ResponseFormat.GuidedJson(objectOrJson(name, fields), path);
            case "regex" -> new ResponseFormat.Regex(fields.requiredString(name, NO_LIMIT), path);
            case "choice" -> new ResponseFormat.Choice(texts(name, fields), path);
            case "grammar" -> new ResponseFormat.Grammar(fields.requiredString(name, NO_LIMIT), path);
            case "json_object" -> jsonObject(name, fields);
            default -> new ResponseFormat.StructuralTag(objectOrJson(name, fields), path);
        };
    }

    private static ResponseFormat jsonObject(String name, JsonFields fields) {
        return fields.bool(name, false) ? new ResponseFormat.JsonObject() : new ResponseFormat.Text();
    }

    private static List<String> texts(String name, JsonFields fields) {
        List<Element> elements = fields.array(name, fields.requiredNode(name), NO_LIMIT);
        if (elements.isEmpty()) {
            throw fields.invalidValue(name, "expected at least one text");
        }
        return elements.stream()
                .map(element -> JsonFields.string(element.node(), element.path(), NO_LIMIT))
                .toList();
    }

    /** vLLM takes an object, and a text that is the JSON of one. */
    private static Map<String, @Nullable Object> objectOrJson(String name, JsonFields fields) {
        JsonNode node = fields.requiredNode(name);
        JsonNode object = node.isString() ? parsed(node.getStringValue(), fields.path(name)) : node;
        return JsonFields.of(object, fields.path(name)).plain();
    }

    private static JsonNode parsed(String json, String path) {
        try {
            return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
        } catch (GenerationException e) {
            boolean tooComplex = e.code() == ErrorCode.JSON_TOO_COMPLEX;
            throw new GenerationException(
                    tooComplex ? ErrorCode.GRAMMAR_TOO_COMPLEX : ErrorCode.INVALID_VALUE,
                    "Invalid '%s': %s."
                            .formatted(
                                    path,
                                    tooComplex
                                            ? "its JSON is too deeply nested or has too many or too long parts"
                                            : "expected an object, or a text that is the JSON of one"),
                    path);
        }
    }
}
