package dev.conch.chat;

import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateException;
import dev.conch.chat.jinja.TemplateLimitException;
import dev.conch.openai.ChatMessage.Role;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Renders small conversations to find out what a template takes; see {@link ContentSupport}.
 *
 * @param strict whether a limit that is reached is a failure to report, and not an answer
 */
record ContentProbe(ChatTemplate template, RenderLimits limits, boolean strict, Clock clock) {
    private static final String FIRST = "Marmalade";
    private static final String SECOND = "Tangerine";
    private static final Map<String, Object> CALL =
            Map.of("id", "call_0", "type", "function", "function", Map.of("name", "look", "arguments", Map.of()));

    Set<Role> roles(BiPredicate<ContentProbe, Role> accepts) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (Role role : Role.values()) {
            if (accepts.test(this, role)) {
                roles.add(role);
            }
        }
        return roles;
    }

    boolean rendersText(Role role) {
        String prompt = render(conversation(role, FIRST, "x"));
        return prompt != null && prompt.contains(FIRST);
    }

    boolean rendersParts(Role role) {
        List<?> content = List.of(part(FIRST), part(SECOND));
        String prompt = render(conversation(role, content, List.of(part("x"))));
        return prompt != null
                && prompt.contains(FIRST)
                && prompt.contains(SECOND)
                && !prompt.contains("'text': '" + FIRST)
                && !prompt.contains("\"text\": \"" + FIRST)
                && !prompt.contains("\"text\":\"" + FIRST);
    }

    boolean needsContent() {
        Map<String, Object> call = message(Role.ASSISTANT, null);
        call.put("tool_calls", List.of(CALL));
        Map<String, Object> callWithContent = new LinkedHashMap<>(call);
        callWithContent.put("content", "");
        return render(List.of(message(Role.USER, "x"), call)) == null
                && render(List.of(message(Role.USER, "x"), callWithContent)) != null;
    }

    /** A conversation in which this role says something. */
    private static List<Map<String, Object>> conversation(Role role, Object content, Object other) {
        List<Map<String, Object>> messages = new ArrayList<>();
        switch (role) {
            case SYSTEM, DEVELOPER -> {
                messages.add(message(role, content));
                messages.add(message(Role.USER, other));
            }
            case USER -> messages.add(message(role, content));
            case ASSISTANT -> {
                messages.add(message(Role.USER, other));
                messages.add(message(role, content));
                messages.add(message(Role.USER, other));
            }
            case TOOL -> {
                messages.add(message(Role.USER, other));
                Map<String, Object> call = message(Role.ASSISTANT, other);
                call.put("tool_calls", List.of(CALL));
                messages.add(call);
                Map<String, Object> result = message(role, content);
                result.put("tool_call_id", "call_0");
                result.put("name", "look");
                messages.add(result);
            }
        }
        return messages;
    }

    private static Map<String, Object> part(String text) {
        return Map.of("type", "text", "text", text);
    }

    private static Map<String, Object> message(Role role, @Nullable Object content) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role", role.wireName());
        if (content != null) {
            message.put("content", content);
        }
        return message;
    }

    /** The prompt, or null if the template does not take these messages. */
    private @Nullable String render(List<Map<String, Object>> messages) {
        try {
            var input = new TemplateInput(messages, null, null, Map.of(), false, false);
            return template.apply(input, limits, clock).text();
        } catch (TemplateException e) {
            if (strict && e instanceof TemplateLimitException) {
                throw e;
            }
            return null;
        }
    }
}
