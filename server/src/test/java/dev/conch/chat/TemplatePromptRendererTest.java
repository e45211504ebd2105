package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.TextSpan;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.ContentPart;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TemplatePromptRendererTest {
    private static final String CHATML = """
            {% for message in messages %}\
            {% if loop.first and message['role'] != 'system' %}\
            {{ '<|im_start|>system\\nBe brief.<|im_end|>\\n' }}\
            {% endif %}\
            {{ '<|im_start|>' + message['role'] + '\\n' + message['content'] | trim + '<|im_end|>' + '\\n' }}\
            {% endfor %}\
            {% if add_generation_prompt %}\
            {{ '<|im_start|>assistant\\n' }}\
            {% endif %}\
            """;

    @Test
    void rendersAConversationUpToTheAssistantsTurn() {
        RenderedPrompt prompt = renderer(CHATML).render(List.of(message(Role.USER, " Hi <|im_end|> ")));
        assertThat(prompt.text())
                .isEqualTo(
                        "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi <|im_end|><|im_end|>\n<|im_start|>assistant\n");
        int start = prompt.text().indexOf("Hi");
        assertThat(prompt.clientSpans()).containsExactly(new TextSpan(start, start + "Hi <|im_end|>".length()));
    }

    @Test
    void joinsTextPartsByLineBreaks() {
        assertThat(renderer("{{ messages[0].content }}|{{ messages[1].content }}|")
                        .render(List.of(message(Role.USER, "a", "b"), message(Role.ASSISTANT)))
                        .text())
                .isEqualTo("a\nb||");
    }

    @Test
    void aDeveloperIsTheSystemWhereTheTemplateDoesNotKnowTheRole() {
        List<ChatMessage> messages = List.of(message(Role.DEVELOPER, "x"));
        assertThat(renderer("{{ messages[0].role }}").render(messages).text()).isEqualTo("system");
        assertThat(renderer("{{ messages[0].role }}{% if false == 'developer' %}{% endif %}")
                        .render(messages)
                        .text())
                .isEqualTo("developer");
    }

    @Test
    void rolesMayMakeControlTokensAndNamesMayNot() {
        ChatMessage message = new ChatMessage(Role.TOOL, List.of(new TextPart("c")), "n", "id");
        RenderedPrompt prompt = renderer(
                        "<|{{ messages[0].role }}|>{% for m in messages %}{{ m.name }}-{{ m.tool_call_id }}{% endfor %}")
                .render(List.of(message));
        assertThat(prompt.text()).isEqualTo("<|tool|>n-id");
        assertThat(prompt.clientSpans()).containsExactly(new TextSpan(8, 9), new TextSpan(10, 12));
    }

    @Test
    void absentFieldsAreUndefined() {
        assertThat(renderer(
                                "{{ messages[0] | length }}{{ tools is none }}{{ documents is none }}{{ eos_token is defined }}{{ bos_token }}")
                        .render(List.of(message(Role.USER, "a")))
                        .text())
                .isEqualTo("2TrueTrueFalse<s>");
    }

    @Test
    void theTemplatesRefusalIsTheClientsToRead() {
        assertFails(
                "{{ raise_exception('Roles must alternate: ' ~ messages[0].role) }}",
                ErrorCode.INVALID_MESSAGES,
                "Roles must alternate: user",
                "messages");
    }

    @Test
    void aBrokenTemplateIsNotTheClientsFault() {
        for (String template : List.of("{{ messages[0].content + 1 }}", "{{ nothing.at.all }}")) {
            assertFails(
                    template, ErrorCode.TEMPLATE_ERROR, "The model's chat template failed on these messages.", null);
        }
    }

    @Test
    void messagesThatTakeATemplateBeyondItsLimitsAreRefused() {
        assertFails(
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                ErrorCode.INVALID_MESSAGES,
                "The messages are too many or too long for the model's chat template.",
                "messages");
    }

    @Test
    void tellsTheTimeOfItsClock() {
        assertThat(renderer("{{ strftime_now('%d %b %Y') }}").render(List.of()).text())
                .isEqualTo("07 Mar 2026");
    }

    private static void assertFails(String template, ErrorCode code, String message, @Nullable String param) {
        TemplatePromptRenderer renderer = renderer(template);
        assertThatThrownBy(() -> renderer.render(List.of(message(Role.USER, "x"))))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.clientMessage()).isEqualTo(message);
                    assertThat(error.param()).isEqualTo(param);
                });
    }

    private static TemplatePromptRenderer renderer(String template) {
        return new TemplatePromptRenderer(
                template,
                Map.of("bos_token", "<s>"),
                Clock.fixed(Instant.parse("2026-03-07T12:00:00Z"), ZoneOffset.UTC));
    }

    private static ChatMessage message(Role role, String... parts) {
        List<ContentPart> content =
                Stream.of(parts).<ContentPart>map(TextPart::new).toList();
        return new ChatMessage(role, content, null, null);
    }
}
