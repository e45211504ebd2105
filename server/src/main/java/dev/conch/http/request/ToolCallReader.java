package dev.conch.http.request;

import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.ChatMessage.ToolCall;
import io.micronaut.json.tree.JsonNode;
import java.util.List;

/**
 * Reads the calls that a message of the history made: {@code tool_calls}, or one in OpenAI's older form, {@code function_call}. The older
 * form has no ids: a call and its result, a message of role {@code function}, are told by the function's name.
 */
final class ToolCallReader {
    static final String TOOL_CALLS = "tool_calls";
    static final String FUNCTION_CALL = "function_call";

    private static final int MAX_TOOL_CALLS = 128;
    private static final int MAX_NAME_CHARS = 256;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private ToolCallReader() {}

    /** None if the message made no call. */
    static List<ToolCall> read(JsonFields message) {
        JsonNode node = message.node(TOOL_CALLS);
        List<ToolCall> calls = node == null
                ? List.of()
                : message.array(TOOL_CALLS, node, MAX_TOOL_CALLS).stream()
                        .map(ToolCallReader::toolCall)
                        .toList();
        JsonNode older = message.node(FUNCTION_CALL);
        if (older == null) {
            return calls;
        }
        if (!calls.isEmpty()) {
            throw message.invalidValue(FUNCTION_CALL, "not together with 'tool_calls'");
        }
        JsonFields function = JsonFields.of(older, message.path(FUNCTION_CALL));
        return List.of(call(olderId(name(function)), function));
    }

    /** The id of a call that has none of its own. */
    static String olderId(String function) {
        return "call_" + function;
    }

    private static ToolCall toolCall(Element element) {
        JsonFields call = JsonFields.of(element.node(), element.path());
        String id = call.requiredString("id", MAX_NAME_CHARS);
        if (!call.requiredString("type", NO_LIMIT).equals("function")) {
            throw call.invalidValue("type", "expected 'function'");
        }
        return call(id, JsonFields.of(call.requiredNode("function"), call.path("function")));
    }

    private static ToolCall call(String id, JsonFields function) {
        return new ToolCall(id, name(function), function.requiredString("arguments", NO_LIMIT));
    }

    /** The name of a function, in a field of that name. */
    static String name(JsonFields named) {
        String name = named.requiredString("name", MAX_NAME_CHARS);
        if (name.isEmpty()) {
            throw named.invalidValue("name", "expected a name that is not empty");
        }
        return name;
    }
}
