package dev.conch.chat;

import dev.conch.chat.jinja.ClientText;
import dev.conch.chat.jinja.JinjaTemplate;
import dev.conch.chat.jinja.RenderLimits;
import dev.conch.chat.jinja.RenderedText;
import dev.conch.chat.jinja.TemplateException;
import dev.conch.chat.jinja.TemplateLimitException;
import dev.conch.chat.jinja.TemplateRefusedException;
import dev.conch.chat.jinja.TemplateSyntaxException;
import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.ContentPart;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Renders with a model's own chat template, from the variables that {@code apply_chat_template} of {@code transformers} gives it. Where an
 * OpenAI message has no counterpart there, it is done like this:
 *
 * <ul>
 *   <li>Content is one string, as nearly all templates expect. Several text parts are joined by line breaks, as vLLM does; no content is
 *       the empty string.
 *   <li>Role {@code developer} is {@code system} to a template that does not know it by name: it is OpenAI's newer word for the same.
 * </ul>
 *
 * <p>What a client wrote is marked as such from here on. A role is not: it is one of five words, and templates make control tokens of it.
 *
 * <p>Thread-safe.
 */
public final class TemplatePromptRenderer implements PromptRenderer {
    private final JinjaTemplate template;
    private final Map<String, ?> specialTokens;
    private final Clock clock;
    private final boolean knowsDeveloper;

    /**
     * Compiles a template.
     *
     * @param source the template, from {@code chat_template.jinja} or {@code tokenizer_config.json}
     * @param specialTokens by the names that templates use, such as {@code bos_token}; what is absent is undefined
     * @param clock what the template's {@code strftime_now} reads
     * @throws TemplateSyntaxException if the template cannot be compiled; the message is for the operator
     */
    public TemplatePromptRenderer(String source, Map<String, ?> specialTokens, Clock clock) {
        this.template = JinjaTemplate.compile(source);
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
        knowsDeveloper = template.containsString(Role.DEVELOPER.wireName());
    }

    @Override
    public RenderedPrompt render(List<ChatMessage> messages) {
        try {
            RenderedText rendered = template.render(variables(messages), RenderLimits.DEFAULT, clock);
            return new RenderedPrompt(rendered.text(), rendered.clientSpans());
        } catch (TemplateRefusedException e) {
            throw new GenerationException(ErrorCode.INVALID_MESSAGES, String.valueOf(e.getMessage()), "messages");
        } catch (TemplateLimitException e) {
            throw new GenerationException(
                    ErrorCode.INVALID_MESSAGES,
                    "The messages are too many or too long for the model's chat template.",
                    "messages",
                    e);
        } catch (TemplateException e) {
            throw new GenerationException(
                    ErrorCode.TEMPLATE_ERROR, "The model's chat template failed on these messages.", null, e);
        }
    }

    private Map<String, @Nullable Object> variables(List<ChatMessage> messages) {
        Map<String, @Nullable Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", messages.stream().map(this::message).toList());
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", true);
        return variables;
    }

    private Map<String, Object> message(ChatMessage message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", role(message.role()).wireName());
        fields.put("content", new ClientText(content(message)));
        if (message.name() != null) {
            fields.put("name", new ClientText(message.name()));
        }
        if (message.toolCallId() != null) {
            fields.put("tool_call_id", new ClientText(message.toolCallId()));
        }
        return fields;
    }

    private Role role(Role role) {
        return role == Role.DEVELOPER && !knowsDeveloper ? Role.SYSTEM : role;
    }

    private static String content(ChatMessage message) {
        return message.content().stream().map(TemplatePromptRenderer::text).collect(Collectors.joining("\n"));
    }

    private static String text(ContentPart part) {
        return switch (part) {
            case TextPart text -> text.text();
        };
    }
}
