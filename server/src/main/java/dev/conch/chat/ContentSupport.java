package dev.conch.chat;

import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.TemplateException;
import dev.conch.chat.jinja.TemplateLimitException;
import dev.conch.openai.ChatMessage.Role;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * In which forms a template takes the content of a message: as a string, as a list of parts, or both.
 *
 * <p>There is no telling from the outside, and it may differ from role to role. vLLM looks in the template's syntax tree for a loop over
 * the content, which misses loops in macros and takes a template that loops over the user's parts to do so with the system's too. Here a
 * few small conversations are rendered in either form when the template is compiled, and what matters is whether the words come out: all of
 * them, and not as the Python or JSON notation of a list.
 *
 * @param texts roles whose content may be a string
 * @param parts roles whose content may be a list of parts
 * @param needsContent whether the template fails on an assistant's message that has tool calls and no content
 */
record ContentSupport(Set<Role> texts, Set<Role> parts, boolean needsContent) {
    private static final String FIRST = "Marmalade";
    private static final String SECOND = "Tangerine";
    private static final Map<String, Object> CALL =
            Map.of("id", "call_0", "type", "function", "function", Map.of("name", "look", "arguments", Map.of()));

    /** Enough for three messages; a template that does more with them counts as one that does not take them. */
    private static final RenderLimits LIMITS =
            new RenderLimits(20_000, 1 << 20, 1 << 20, 10_000, 100, Duration.ofSeconds(1));

    /** Finds out what a model's template takes. */
    static ContentSupport of(ContentFormat format, ChatTemplate template, Clock clock) {
        return of(format, new Probe(template, LIMITS, false, clock));
    }

    /**
     * Finds out what a client's template takes.
     *
     * @throws TemplateLimitException at the first limit that it reaches: it is not asked again
     */
    static ContentSupport ofClients(ContentFormat format, ChatTemplate template, RenderLimits limits, Clock clock) {
        return of(format, new Probe(template, limits, true, clock));
    }

    private static ContentSupport of(ContentFormat format, Probe probe) {
        Set<Role> all = EnumSet.allOf(Role.class);
        Set<Role> none = EnumSet.noneOf(Role.class);
        return switch (format) {
            case STRING -> new ContentSupport(all, none, probe.needsContent());
            case OPENAI -> new ContentSupport(none, all, probe.needsContent());
            case AUTO ->
                new ContentSupport(
                        probe.roles(Probe::rendersText), probe.roles(Probe::rendersParts), probe.needsContent());
        };
    }

    /** Whether to hand over this many parts as a list. A role that takes neither form is treated as the user is. */
    boolean asList(Role role, int count) {
        Role known = texts.contains(role) || parts.contains(role) ? role : Role.USER;
        return parts.contains(known) && (count > 1 || !texts.contains(known));
    }

    /** Renders small conversations. */
    private record Probe(ChatTemplate template, RenderLimits limits, boolean strict, Clock clock) {

        Set<Role> roles(BiFunction<Probe, Role, Boolean> accepts) {
            Set<Role> roles = EnumSet.noneOf(Role.class);
            for (Role role : Role.values()) {
                if (accepts.apply(this, role)) {
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
}
