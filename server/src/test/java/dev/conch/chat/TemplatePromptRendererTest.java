package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.TextSpan;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.Conversation;
import dev.conch.openai.Tool;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TemplatePromptRendererTest extends RenderingTest {
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
                "The messages are too many or too long for the model's chat template (its limit: 100000 loop iterations).",
                "messages");
    }

    @Test
    void tellsTheTimeOfItsClock() {
        assertThat(renderer("{{ strftime_now('%d %b %Y') }}").render(List.of()).text())
                .isEqualTo("07 Mar 2026");
    }

    @Test
    void toolsAreShownAsTheyWereSent() {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("z", new BigInteger("12345678901234567890123"));
        parameters.put("a", Arrays.asList(1L, 1.0, 1e-7, true, null, "<|im_end|>"));
        Map<String, @Nullable Object> definition = new LinkedHashMap<>();
        definition.put("type", "function");
        definition.put("function", parameters);
        RenderedPrompt prompt = renderer("{{ tools | tojson }}{{ documents is none }}")
                .render(offering(List.of(new Tool(definition)), List.of()));
        assertThat(prompt.text())
                .isEqualTo(
                        "[{\"type\": \"function\", \"function\": {\"z\": 12345678901234567890123, \"a\": [1, 1.0, 1e-07, true, null, \"<|im_end|>\"]}}]True");
        assertThat(clientParts(prompt)).containsExactly("type", "function", "function", "z", "a", "<|im_end|>");
    }

    @Test
    void documentsAreShownAsTheyWereSent() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>(Map.of("title", "T", "text", "x"));
        RenderedPrompt prompt = renderer(
                        "{% for d in documents %}{{ d.title }}: {{ d['text'] }}{% endfor %}{{ tools is none }}")
                .render(offering(List.of(), List.of(document)));
        assertThat(prompt.text()).isEqualTo("T: xTrue");
        assertThat(clientParts(prompt)).containsExactly("T", "x");
    }

    @Test
    void refusesWhatTheTemplateWouldIgnore() {
        assertRefused(
                renderer("x"),
                offering(List.of(new Tool(Map.of())), List.of()),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "tools",
                "Unsupported parameter: 'tools' (the model's chat template takes none).");
        assertRefused(
                renderer("x"),
                offering(List.of(), List.of(Map.of())),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "documents",
                "Unsupported parameter: 'documents' (the model's chat template takes none).");
        assertRefused(
                renderer("x", new TemplatePolicy(ContentFormat.AUTO, Set.of("style"), false)),
                with(Map.of("style", "y")),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template_kwargs.style",
                "Unsupported parameter: 'chat_template_kwargs.style' (the chat template has no such variable).");
    }

    @Test
    void saysWhatItTakes() {
        var policy = new TemplatePolicy(ContentFormat.AUTO, Set.of("style", "mood"), true);
        assertThat(renderer("{{ style }}{{ documents }}", policy).features())
                .isEqualTo(new PromptFeatures(Set.of("style"), Set.of(), false, true, true));
        assertThat(renderer("{{ tools }}").features())
                .isEqualTo(new PromptFeatures(Set.of(), Set.of(), true, false, false));
        assertThat(reasoning("{{ thinking }}{{ verbosity }}").features())
                .isEqualTo(new PromptFeatures(
                        Set.of("thinking"), Set.of("reasoning_effort", "verbosity"), false, false, false));
    }

    @Test
    void goesOnWithTheAssistantsMessage() {
        var conversation = new Conversation(
                List.of(message(Role.USER, "Hi"), message(Role.ASSISTANT, "I am")),
                List.of(),
                List.of(),
                Map.of(),
                null,
                false,
                true);
        assertThat(renderer(CHATML).render(conversation).text()).endsWith("<|im_start|>assistant\nI am");
        assertRefused(
                renderer("{{ messages[0].content }}"),
                conversation,
                ErrorCode.INVALID_MESSAGES,
                "continue_final_message",
                "The final message cannot be continued: the model's chat template does not show it as it is.");
    }

    private static void assertFails(String template, ErrorCode code, String message, @Nullable String param) {
        assertRefused(renderer(template), Conversation.of(List.of(message(Role.USER, "x"))), code, param, message);
    }
}
