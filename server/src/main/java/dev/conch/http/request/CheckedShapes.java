package dev.conch.http.request;

import dev.conch.http.request.JsonFields.Element;
import io.micronaut.json.tree.JsonNode;
import java.util.List;

/**
 * Checks the shape of parameters that are not obeyed yet, so that a request with a mistake in one is told of the mistake. The names are those
 * that the table decides to check.
 */
final class CheckedShapes {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private CheckedShapes() {}

    static void check(String name, JsonFields request) {
        switch (name) {
            case "tools" -> ToolReader.read(request);
            case "tool_choice" -> toolChoice(request);
            case "parallel_tool_calls" -> request.bool(name, true);
            case "functions" -> functions(request);
            case "function_call" -> functionCall(request);
            case "response_format" -> responseFormat(request);
            default -> throw new IllegalStateException(name + ": no shape to check");
        }
    }

    private static void toolChoice(JsonFields request) {
        String name = "tool_choice";
        JsonNode node = request.requiredNode(name);
        if (node.isString()) {
            oneOf(request, name, List.of("none", "auto", "required"));
            return;
        }
        JsonFields choice = JsonFields.of(node, name);
        String type = oneOf(choice, "type", List.of("function", "allowed_tools", "custom"));
        JsonFields chosen = JsonFields.of(choice.requiredNode(type), choice.path(type));
        if (type.equals("allowed_tools")) {
            oneOf(chosen, "mode", List.of("auto", "required"));
            chosen.array("tools", chosen.requiredNode("tools"), ToolReader.MAX_TOOLS)
                    .forEach(tool -> JsonFields.of(tool.node(), tool.path()));
        } else {
            ToolReader.name(chosen);
        }
    }

    private static void functions(JsonFields request) {
        String name = "functions";
        for (Element function : request.array(name, request.requiredNode(name), ToolReader.MAX_TOOLS)) {
            ToolReader.function(JsonFields.of(function.node(), function.path()));
        }
    }

    private static void functionCall(JsonFields request) {
        String name = "function_call";
        JsonNode node = request.requiredNode(name);
        if (node.isString()) {
            oneOf(request, name, List.of("none", "auto"));
        } else {
            ToolReader.name(JsonFields.of(node, name));
        }
    }

    private static void responseFormat(JsonFields request) {
        String name = "response_format";
        JsonFields format = JsonFields.of(request.requiredNode(name), name);
        String type = oneOf(format, "type", List.of("text", "json_object", "json_schema", "structural_tag"));
        if (type.equals("json_schema")) {
            JsonFields schema = JsonFields.of(format.requiredNode(type), format.path(type));
            ToolReader.name(schema);
            schema.string("description", NO_LIMIT);
            schema.bool("strict", false);
            JsonNode node = schema.node("schema");
            if (node != null) {
                JsonFields.of(node, schema.path("schema"));
            }
        }
    }

    private static String oneOf(JsonFields fields, String name, List<String> values) {
        String value = fields.requiredString(name, NO_LIMIT);
        if (!values.contains(value)) {
            throw fields.invalidValue(name, "expected one of " + values);
        }
        return value;
    }
}
