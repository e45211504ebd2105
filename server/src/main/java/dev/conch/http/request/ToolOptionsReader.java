package dev.conch.http.request;

import dev.conch.generation.GenerationException;
import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.Tool;
import dev.conch.openai.ToolChoice;
import dev.conch.openai.ToolOptions;
import io.micronaut.json.tree.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * Reads the functions that a model may call and how, in both of OpenAI's forms: {@code tools} and {@code tool_choice}, and the older
 * {@code functions} and {@code function_call}.
 */
final class ToolOptionsReader {
    private static final String TOOLS = "tools";
    private static final String TOOL_CHOICE = "tool_choice";
    private static final String FUNCTIONS = "functions";
    private static final String FUNCTION_CALL = "function_call";
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final JsonFields request;

    private ToolOptionsReader(JsonFields request) {
        this.request = request;
    }

    /** The functions of a request, the older ones as tools; none if it has none. */
    static List<Tool> tools(JsonFields request) {
        var reader = new ToolOptionsReader(request);
        return reader.isOfOlderForm() ? reader.functions() : ToolReader.read(request);
    }

    /** How a request with these tools may use them. */
    static ToolOptions options(JsonFields request, List<Tool> tools) {
        return new ToolOptionsReader(request).options(tools);
    }

    private boolean isOfOlderForm() {
        return request.node(FUNCTIONS) != null;
    }

    private List<Tool> functions() {
        if (request.node(TOOLS) != null) {
            throw request.invalidValue(FUNCTIONS, "not together with 'tools'");
        }
        return request.array(FUNCTIONS, request.requiredNode(FUNCTIONS), ToolReader.MAX_TOOLS).stream()
                .map(ToolOptionsReader::function)
                .toList();
    }

    private static Tool function(Element element) {
        ToolReader.function(JsonFields.of(element.node(), element.path()));
        return new Tool(Map.of("type", "function", "function", PlainValues.object(element.node())));
    }

    private ToolOptions options(List<Tool> tools) {
        refuseTheOtherFormsChoice();
        boolean parallel = request.bool("parallel_tool_calls", true);
        ToolChoice choice = toolChoice(tools);
        ToolChoice olderChoice = functionCall(tools);
        return isOfOlderForm() ? new ToolOptions(olderChoice, false, true) : new ToolOptions(choice, parallel, false);
    }

    private void refuseTheOtherFormsChoice() {
        if (isOfOlderForm() && request.node(TOOL_CHOICE) != null) {
            throw request.invalidValue(TOOL_CHOICE, "not together with 'functions'");
        }
        if (request.node(TOOLS) != null && request.node(FUNCTION_CALL) != null) {
            throw request.invalidValue(FUNCTION_CALL, "not together with 'tools'");
        }
    }

    private ToolChoice toolChoice(List<Tool> tools) {
        JsonNode node = request.node(TOOL_CHOICE);
        if (node == null) {
            return new ToolChoice.Auto();
        }
        ToolChoice choice = node.isString() ? mode() : chosen(JsonFields.of(node, TOOL_CHOICE), tools);
        boolean needsTools = !(choice instanceof ToolChoice.Auto || choice instanceof ToolChoice.None);
        if (needsTools && tools.isEmpty()) {
            throw request.invalidValue(TOOL_CHOICE, "only allowed when 'tools' are given");
        }
        return choice;
    }

    private ToolChoice mode() {
        return switch (oneOf(request, TOOL_CHOICE, List.of("none", "auto", "required"))) {
            case "none" -> new ToolChoice.None();
            case "required" -> new ToolChoice.Required();
            default -> new ToolChoice.Auto();
        };
    }

    private static ToolChoice chosen(JsonFields choice, List<Tool> tools) {
        String type = oneOf(choice, "type", List.of("function", "allowed_tools"));
        JsonFields chosen = JsonFields.of(choice.requiredNode(type), choice.path(type));
        return type.equals("function") ? new ToolChoice.Named(name(chosen, tools)) : allowed(chosen, tools);
    }

    private static ToolChoice allowed(JsonFields allowed, List<Tool> tools) {
        boolean required = oneOf(allowed, "mode", List.of("auto", "required")).equals("required");
        List<String> names = allowed.array(TOOLS, allowed.requiredNode(TOOLS), ToolReader.MAX_TOOLS).stream()
                .map(element -> allowedName(JsonFields.of(element.node(), element.path()), tools))
                .toList();
        if (names.isEmpty()) {
            throw allowed.invalidValue(TOOLS, "expected at least one tool");
        }
        return new ToolChoice.Allowed(required, names);
    }

    private static String allowedName(JsonFields tool, List<Tool> tools) {
        oneOf(tool, "type", List.of("function"));
        return name(JsonFields.of(tool.requiredNode("function"), tool.path("function")), tools);
    }

    private ToolChoice functionCall(List<Tool> tools) {
        JsonNode node = request.node(FUNCTION_CALL);
        if (node == null) {
            return new ToolChoice.Auto();
        }
        if (node.isString()) {
            return oneOf(request, FUNCTION_CALL, List.of("none", "auto")).equals("none")
                    ? new ToolChoice.None()
                    : new ToolChoice.Auto();
        }
        JsonFields chosen = JsonFields.of(node, FUNCTION_CALL);
        if (!isOfOlderForm()) {
            throw request.invalidValue(FUNCTION_CALL, "only allowed when 'functions' are given");
        }
        return new ToolChoice.Named(name(chosen, tools));
    }

    /** @throws GenerationException {@code INVALID_VALUE} if no tool has the name */
    private static String name(JsonFields named, List<Tool> tools) {
        String name = ToolReader.name(named);
        if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw named.invalidValue("name", "expected the name of one of the tools");
        }
        return name;
    }

    private static String oneOf(JsonFields fields, String name, List<String> values) {
        String value = fields.requiredString(name, NO_LIMIT);
        if (!values.contains(value)) {
            throw fields.invalidValue(name, "expected one of " + values);
        }
        return value;
    }
}
