package dev.conch.chat;

import dev.conch.chat.jinja.ClientText;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.ContentPart;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.ChatMessage.ToolCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Messages as one template takes them. Where an OpenAI message has no counterpart there, it is done like this:
 *
 * <ul>
 *   <li>Content is a string where the template takes one, and a list of parts where it takes nothing else, or where the client sent several
 *       parts and the template takes lists. Otherwise several parts are joined by line breaks, as vLLM does.
 *   <li>An assistant's message without content has none here either; to a template that fails without, it is the empty string.
 *   <li>The arguments of a tool call, which are JSON in a string, are the object that they say, because that is what templates expect;
 *       no arguments are an empty object, and what is no JSON object stays the string that it is.
 *   <li>Role {@code developer} is {@code system} to a template that does not know it by name: it is OpenAI's newer word for the same.
 * </ul>
 *
 * <p>What a client wrote is marked as such from here on. A role is not: it is one of five words, and templates make control tokens of it.
 */
final class TemplateMessages {
    private final ContentSupport support;
    private final boolean knowsDeveloper;

    TemplateMessages(ContentSupport support, boolean knowsDeveloper) {
        this.support = support;
        this.knowsDeveloper = knowsDeveloper;
    }

    /** A message's fields; what it does not have is not there. */
    Map<String, @Nullable Object> of(ChatMessage message) {
        Role role = role(message.role());
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("role", role.wireName());
        putIfThere(fields, "content", content(role, message.content()));
        putIfThere(fields, "name", ClientValues.marked(message.name()));
        putIfThere(fields, "tool_call_id", ClientValues.marked(message.toolCallId()));
        putIfThere(fields, "reasoning_content", ClientValues.marked(message.reasoningContent()));
        if (!message.toolCalls().isEmpty()) {
            fields.put(
                    "tool_calls",
                    message.toolCalls().stream().map(TemplateMessages::toolCall).toList());
        }
        return fields;
    }

    private static void putIfThere(Map<String, @Nullable Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private Role role(Role role) {
        return role == Role.DEVELOPER && !knowsDeveloper ? Role.SYSTEM : role;
    }

    private @Nullable Object content(Role role, List<ContentPart> parts) {
        if (parts.isEmpty() && !support.needsContent()) {
            return null;
        }
        if (support.asList(role, parts.size())) {
            return parts.stream().map(TemplateMessages::part).toList();
        }
        if (parts.size() == 1) {
            return new ClientText(text(parts.getFirst()));
        }
        return new ClientText(parts.stream().map(TemplateMessages::text).collect(Collectors.joining("\n")));
    }

    private static Map<String, Object> part(ContentPart part) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "text");
        fields.put("text", new ClientText(text(part)));
        return fields;
    }

    private static String text(ContentPart part) {
        return switch (part) {
            case TextPart text -> text.text();
        };
    }

    private static Map<String, @Nullable Object> toolCall(ToolCall call) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", new ClientText(call.name()));
        function.put("arguments", ClientValues.marked(arguments(call.arguments())));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", new ClientText(call.id()));
        fields.put("type", "function");
        fields.put("function", function);
        return fields;
    }

    private static Object arguments(String json) {
        if (json.isBlank()) {
            return Map.of();
        }
        try {
            return PlainJson.read(json) instanceof Map<?, ?> object ? object : json;
        } catch (IllegalArgumentException e) {
            return json;
        }
    }
}
