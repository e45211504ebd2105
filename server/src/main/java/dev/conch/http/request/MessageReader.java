package dev.conch.http.request;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.http.request.JsonFields.Element;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.ContentPart;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.ChatMessage.ToolCall;
import io.micronaut.json.tree.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one message of a chat request. */
final class MessageReader {
    private static final String CONTENT = "content";
    private static final int MAX_PARTS = 10_000;
    private static final int MAX_NAME_CHARS = 256;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final JsonFields message;
    private final Role role;
    /** Whether this is a tool's result in OpenAI's older form. */
    private final boolean ofAFunction;

    private MessageReader(JsonFields message) {
        this.message = message;
        String name = message.requiredString("role", NO_LIMIT);
        ofAFunction = name.equals("function");
        role = ofAFunction ? Role.TOOL : role(message, name);
    }

    static ChatMessage read(Element element, Endpoint endpoint) {
        JsonFields message = JsonFields.of(element.node(), element.path());
        UnsupportedParameters.refuse(message, endpoint, "messages[].");
        return new MessageReader(message).read();
    }

    private ChatMessage read() {
        List<ToolCall> toolCalls = toolCalls();
        String reasoning = reasoning();
        return new ChatMessage(
                role,
                words(!toolCalls.isEmpty() || reasoning != null),
                message.string("name", MAX_NAME_CHARS),
                toolCallId(),
                reasoning,
                toolCalls);
    }

    private static Role role(JsonFields message, String name) {
        return Arrays.stream(Role.values())
                .filter(role -> role.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> message.invalidValue("role", "expected one of " + roles()));
    }

    /** Of a tool's result: the call that it answers. */
    private @Nullable String toolCallId() {
        if (role != Role.TOOL) {
            return null;
        }
        return ofAFunction
                ? ToolCallReader.olderId(ToolCallReader.name(message))
                : message.requiredString("tool_call_id", MAX_NAME_CHARS);
    }

    private static String roles() {
        return Arrays.stream(Role.values())
                .map(role -> "'" + role.wireName() + "'")
                .collect(Collectors.joining(", "));
    }

    /** Content, and with what words the assistant refused. Only a message that calls tools, has reasoning, or is a function's result may say nothing. */
    private List<ContentPart> words(boolean hasOther) {
        String refusal = ofTheAssistant("refusal");
        JsonNode node = ofAFunction ? message.requiredNullableNode(CONTENT) : message.node(CONTENT);
        boolean maySayNothing = hasOther || refusal != null || ofAFunction;
        List<ContentPart> content = node == null && maySayNothing ? List.of() : content(message.requiredNode(CONTENT));
        return refusal == null
                ? content
                : Stream.concat(content.stream(), Stream.of(new TextPart(refusal)))
                        .toList();
    }

    private List<ContentPart> content(JsonNode node) {
        if (node.isString()) {
            return List.of(new TextPart(node.getStringValue()));
        }
        if (!node.isArray()) {
            throw JsonFields.wrongType(message.path(CONTENT), "a string or an array of parts", node);
        }
        List<ContentPart> parts =
                message.array(CONTENT, node, MAX_PARTS).stream().map(this::part).toList();
        return parts.isEmpty() ? List.of(new TextPart("")) : parts;
    }

    private ContentPart part(Element element) {
        JsonFields part = JsonFields.of(element.node(), element.path());
        String type = part.requiredString("type", NO_LIMIT);
        return switch (type) {
            case "text" -> new TextPart(part.requiredString("text", NO_LIMIT));
            case "refusal" -> {
                requireAssistant(CONTENT);
                yield new TextPart(part.requiredString("refusal", NO_LIMIT));
            }
            case "image_url", "input_audio", "file" ->
                throw new GenerationException(
                        ErrorCode.UNSUPPORTED_CONTENT,
                        "Invalid '%s': this model takes text, not '%s'.".formatted(part.path("type"), type),
                        element.path());
            default -> throw part.invalidValue("type", "expected 'text'");
        };
    }

    /** Models that think answer with either name, and clients send the answer back as it was. */
    private @Nullable String reasoning() {
        String reasoning = ofTheAssistant("reasoning_content");
        String otherName = ofTheAssistant("reasoning");
        return reasoning == null ? otherName : reasoning;
    }

    private @Nullable String ofTheAssistant(String name) {
        String value = message.string(name, NO_LIMIT);
        if (value != null) {
            requireAssistant(name);
        }
        return value;
    }

    private void requireAssistant(String name) {
        if (role != Role.ASSISTANT) {
            throw message.invalidValue(name, "only allowed in a message of role 'assistant'");
        }
    }

    private List<ToolCall> toolCalls() {
        for (String name : List.of(ToolCallReader.TOOL_CALLS, ToolCallReader.FUNCTION_CALL)) {
            JsonNode calls = message.node(name);
            if (calls != null && !(calls.isArray() && calls.size() == 0)) {
                requireAssistant(name);
            }
        }
        return ToolCallReader.read(message);
    }
}
