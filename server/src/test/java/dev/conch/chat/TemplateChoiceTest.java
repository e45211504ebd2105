package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.ErrorCode;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.Conversation;
import dev.conch.openai.Tool;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which template renders: one of the model's, or one that the client brings. */
class TemplateChoiceTest extends RenderingTest {
    @Test
    void choosesAmongNamedTemplates() {
        var renderer = new TemplatePromptRenderer(
                Map.of(
                        "default",
                        "plain",
                        "tool_use",
                        "{{ tools | length }} tool{% if documents %}{% endif %}",
                        "rag",
                        "{{ documents | length }} document"),
                Map.of(),
                TemplatePolicy.DEFAULT,
                CLOCK);
        List<Tool> tools = List.of(new Tool(Map.of()));
        List<Map<String, Object>> documents = List.of(Map.of());
        assertThat(renderer.render(offering(List.of(), List.of())).text()).isEqualTo("plain");
        assertThat(renderer.render(offering(tools, documents)).text()).isEqualTo("1 tool");
        assertThat(renderer.render(offering(List.of(), documents)).text()).isEqualTo("1 document");
    }

    @Test
    void aTemplateOfTheClientNeedsTheOperatorsLeave() {
        assertRefused(
                renderer("x"),
                bringing("y"),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template",
                "Unsupported parameter: 'chat_template' is not allowed for this model; its own template is used.");
        assertThat(open("x")
                        .render(bringing("{{ bos_token }}{{ messages[0].content }}"))
                        .text())
                .isEqualTo("<s>hi");
    }

    @Test
    void faultsOfAClientsTemplateAreTheClients() {
        assertRefused(
                open("x"),
                bringing("{% if %}"),
                ErrorCode.INVALID_VALUE,
                "chat_template",
                "Invalid 'chat_template': line 1: unexpected '%}' (expected: an expression).");
        assertRefused(
                open("x"),
                bringing("{{ messages.nothing.at.all }}"),
                ErrorCode.INVALID_VALUE,
                "chat_template",
                "Invalid 'chat_template': UndefinedError: 'list object' has no attribute 'nothing'.");
        assertRefused(
                open("x"),
                bringing("{% for i in range(60000) %}{% endfor %}"),
                ErrorCode.INVALID_VALUE,
                "chat_template",
                "Invalid 'chat_template': loop iterations: more than 50000 (expected: at most that many in one rendering).");
        assertRefused(
                open("x"), bringing("{{ raise_exception('No.') }}"), ErrorCode.INVALID_MESSAGES, "messages", "No.");
        assertRefused(
                open("x"),
                bringing("x".repeat(200_000)),
                ErrorCode.STRING_ABOVE_MAX_LENGTH,
                "chat_template",
                "Invalid 'chat_template': string too long. Expected at most 131072 characters, but got 200000.");
    }

    private static TemplatePromptRenderer open(String template) {
        return renderer(template, new TemplatePolicy(ContentFormat.AUTO, Set.of(), true));
    }

    private static Conversation bringing(String template) {
        return new Conversation(
                List.of(message(Role.USER, "hi")), List.of(), List.of(), Map.of(), template, true, false);
    }
}
