package dev.conch.chat;

import dev.conch.chat.jinja.JinjaTemplate;
import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.RenderedText;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model's chat template as {@code transformers} 5.23 applies it ({@code apply_chat_template(..., tokenize=False)}):
 *
 * <ol>
 *   <li>Null fields of a message are dropped; those of its parts are not.
 *   <li>A message's reasoning is there under the names {@code thinking} and {@code reasoning_content}, whichever of three it came by.
 *   <li>If the last message is to be continued, a {@link FinalMessageTag} is put at its end.
 *   <li>The template sees the special tokens, the variables of the call, and then, whatever those are called, messages, tools, documents
 *       and {@code add_generation_prompt}.
 *   <li>The prompt ends at the tag.
 * </ol>
 *
 * <p>Immutable, thread-safe.
 */
public final class ChatTemplate {
    private static final String THINKING = "thinking";
    private static final String REASONING_CONTENT = "reasoning_content";
    private static final List<String> NAMES_OF_REASONING = List.of(REASONING_CONTENT, THINKING, "reasoning");

    private final JinjaTemplate template;
    private final Map<String, ?> specialTokens;

    private ChatTemplate(JinjaTemplate template, Map<String, ?> specialTokens) {
        this.template = template;
        this.specialTokens = Map.copyOf(specialTokens);
    }

    /**
     * Compiles a template.
     *
     * @param specialTokens by the names that templates use, such as {@code bos_token}; what is absent is undefined
     * @throws dev.conch.chat.jinja.TemplateSyntaxException if it cannot be compiled
     */
    public static ChatTemplate compile(String source, Map<String, ?> specialTokens) {
        return new ChatTemplate(JinjaTemplate.compile(source), specialTokens);
    }

    /** Whether the template has this string in its code, as one that knows a role has the role's name. */
    boolean containsString(String string) {
        return template.containsString(string);
    }

    /** Whether the template's code names this variable: if not, the prompt is the same with it and without it. */
    boolean mentions(String variable) {
        return template.mentions(variable);
    }

    /**
     * Renders a prompt.
     *
     * @param clock what {@code strftime_now} reads
     * @throws dev.conch.chat.jinja.TemplateException if the template refuses the input, fails, or goes beyond a limit
     * @throws ContinuationException if the last message is to be continued and cannot be
     */
    public RenderedPrompt apply(TemplateInput input, RenderLimits limits, Clock clock) {
        List<Map<String, ? extends @Nullable Object>> messages =
                new ArrayList<>(input.messages().size());
        input.messages().forEach(message -> messages.add(message(message)));
        if (!input.continueFinalMessage()) {
            RenderedText rendered = template.render(context(input, messages), limits, clock);
            return new RenderedPrompt(rendered.text(), rendered.clientSpans());
        }
        var tag = new FinalMessageTag();
        String finalText = tag.append(messages);
        return tag.cut(template.render(context(input, messages), limits, clock), finalText);
    }

    private Map<String, @Nullable Object> context(TemplateInput input, List<?> messages) {
        Map<String, @Nullable Object> context = new HashMap<>(specialTokens);
        context.putAll(input.variables());
        context.put("messages", messages);
        context.put("tools", input.tools());
        context.put("documents", input.documents());
        context.put("add_generation_prompt", input.addGenerationPrompt());
        return context;
    }

    /** The message itself, if there is nothing to change in it. */
    private static Map<String, ? extends @Nullable Object> message(Map<String, ? extends @Nullable Object> given) {
        Object reasoning = reasoning(given);
        if (reasoning == null && given.values().stream().allMatch(Objects::nonNull)) {
            return given;
        }
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        if (reasoning != null) {
            message.put(THINKING, reasoning);
        }
        given.forEach((name, value) -> {
            if (value != null) {
                message.put(name, value);
            }
        });
        if (reasoning != null) {
            message.put(REASONING_CONTENT, reasoning);
        }
        return message;
    }

    private static @Nullable Object reasoning(Map<String, ? extends @Nullable Object> message) {
        for (String name : NAMES_OF_REASONING) {
            Object reasoning = message.get(name);
            if (reasoning != null) {
                return reasoning;
            }
        }
        return null;
    }
}
