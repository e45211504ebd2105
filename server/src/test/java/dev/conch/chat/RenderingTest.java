package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.ContentPart;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.Conversation;
import dev.conch.openai.Tool;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Renderers of one template or several, and conversations to render. */
abstract class RenderingTest {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-07T12:00:00Z"), ZoneOffset.UTC);

    static TemplatePromptRenderer renderer(String template) {
        return new TemplatePromptRenderer(template, Map.of("bos_token", "<s>"), CLOCK);
    }

    static TemplatePromptRenderer renderer(String template, TemplatePolicy policy) {
        return new TemplatePromptRenderer(Map.of("default", template), Map.of("bos_token", "<s>"), policy, CLOCK);
    }

    /** A model that reasons. */
    static TemplatePromptRenderer reasoning(String template) {
        return renderer(template, TemplatePolicy.DEFAULT.withReasoning());
    }

    static ChatMessage message(Role role, String... parts) {
        List<ContentPart> content =
                Stream.of(parts).<ContentPart>map(TextPart::new).toList();
        return new ChatMessage(role, content, null, null);
    }

    static Conversation with(Map<String, Object> variables) {
        return with(variables, Map.of());
    }

    static Conversation with(Map<String, Object> variables, Map<String, String> requestVariables) {
        return new Conversation(
                List.of(message(Role.USER, "hi")),
                List.of(),
                List.of(),
                variables,
                requestVariables,
                null,
                true,
                false);
    }

    /** Messages with these beside. */
    static Conversation offering(List<Tool> tools, List<? extends Map<String, ? extends @Nullable Object>> documents) {
        return new Conversation(List.of(message(Role.USER, "x")), tools, documents, Map.of(), null, true, false);
    }

    static List<String> clientParts(RenderedPrompt prompt) {
        return prompt.clientSpans().stream()
                .map(span -> prompt.text().substring(span.start(), span.end()))
                .toList();
    }

    static void assertRefused(
            TemplatePromptRenderer renderer,
            Conversation conversation,
            ErrorCode code,
            @Nullable String param,
            String message) {
        assertThatThrownBy(() -> renderer.render(conversation))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.clientMessage()).isEqualTo(message);
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                });
    }
}
