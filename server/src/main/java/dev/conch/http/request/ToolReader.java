package dev.conch.http.request;

import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.Tool;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the functions that a model may call. */
final class ToolReader {
    static final int MAX_TOOLS = 128;

    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private ToolReader() {}

    /** The tools of a request; none if it has none. */
    static List<Tool> read(JsonFields request) {
        var node = request.node("tools");
        return node == null
                ? List.of()
                : request.array("tools", node, MAX_TOOLS).stream()
                        .map(ToolReader::tool)
                        .toList();
    }

    private static Tool tool(Element element) {
        JsonFields tool = JsonFields.of(element.node(), element.path());
        String type = tool.requiredString("type", NO_LIMIT);
        switch (type) {
            case "function" -> function(JsonFields.of(tool.requiredNode("function"), tool.path("function")));
            case "custom" -> throw tool.invalidValue("type", "expected 'function': this server has no custom tools");
            default -> throw tool.invalidValue("type", "expected 'function'");
        }
        return new Tool(PlainValues.object(element.node()));
    }

    /** Checks the definition of a function. */
    static void function(JsonFields function) {
        name(function);
        function.string("description", NO_LIMIT);
        function.bool("strict", false);
        var parameters = function.node("parameters");
        if (parameters != null) {
            JsonFields.of(parameters, function.path("parameters"));
        }
    }

    /** The name of a function, or of a schema, which has the same form. */
    static String name(JsonFields named) {
        String name = named.requiredString("name", NO_LIMIT);
        if (!NAME.matcher(name).matches()) {
            throw named.invalidValue("name", "expected 1 to 64 characters of a-z, A-Z, 0-9, '_' and '-'");
        }
        return name;
    }
}
