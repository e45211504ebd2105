package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.generation.TextSpan;
import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.ChatMessage.ToolCall;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a template sees of a message: its role, its content in the form that the template takes, its tool calls. */
class TemplateMessagesTest extends RenderingTest {
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
    void contentIsWhatTheTemplateTakes() {
        String lists = "{% for p in messages[0].content %}[{{ p.text }}]{% endfor %}";
        String both =
                "{% if messages[0].content is string %}{{ messages[0].content }}{% else %}" + lists + "{% endif %}";
        List<ChatMessage> one = List.of(message(Role.USER, "a"));
        List<ChatMessage> two = List.of(message(Role.USER, "a", "b"));
        assertThat(renderer(lists).render(one).text()).isEqualTo("[a]");
        assertThat(renderer(lists).render(two).text()).isEqualTo("[a][b]");
        assertThat(renderer(both).render(one).text()).isEqualTo("a");
        assertThat(renderer(both).render(two).text()).isEqualTo("[a][b]");
        assertThat(renderer("{{ messages[0].content }}").render(two).text()).isEqualTo("a\nb");
    }

    /** A template may loop over the parts of a user's message and print the system's as it is. */
    @Test
    void whatATemplateTakesDependsOnTheRole() {
        TemplatePromptRenderer renderer = renderer("""
                {% for m in messages %}{% if m.role == 'user' %}{% for p in m.content %}({{ p.text }}){% endfor %}\
                {% else %}{{ m.role }}:{{ m.content }} {% endif %}{% endfor %}""");
        assertThat(renderer.render(List.of(message(Role.SYSTEM, "a", "b"), message(Role.USER, "c", "d")))
                        .text())
                .isEqualTo("system:a\nb (c)(d)");
    }

    @Test
    void theOperatorMaySayWhatContentIs() {
        List<ChatMessage> messages = List.of(message(Role.USER, "a", "b"));
        assertThat(renderer("{{ messages[0].content }}", new TemplatePolicy(ContentFormat.OPENAI, Set.of(), false))
                        .render(messages)
                        .text())
                .isEqualTo("[{'type': 'text', 'text': 'a'}, {'type': 'text', 'text': 'b'}]");
        assertThat(renderer(
                                "{% for p in messages[0].content %}{{ p }}.{% endfor %}",
                                new TemplatePolicy(ContentFormat.STRING, Set.of(), false))
                        .render(messages)
                        .text())
                .isEqualTo("a.\n.b.");
    }

    @Test
    void argumentsOfToolCallsAreTheObjectThatTheySay() {
        String template = "{% for c in messages[0].tool_calls %}{{ c.function.arguments | tojson }} {% endfor %}";
        assertThat(renderer(template)
                        .render(List.of(calls(
                                "{\"b\":12345678901234567890123,\"a\":[1.0,1e-7,null]}",
                                "",
                                "[1]",
                                "{\"a\":",
                                "{} {}")))
                        .text())
                .isEqualTo(
                        "{\"b\": 12345678901234567890123, \"a\": [1.0, 1e-07, null]} {} \"[1]\" \"{\\\"a\\\":\" \"{} {}\" ");
    }

    @Test
    void theHistoryOfToolCallsIsTheClientsButForItsShape() {
        RenderedPrompt prompt = renderer("""
                {% set c = messages[0].tool_calls[0] %}{{ c.type }} {{ c.id }} {{ c.function.name }} {{ c.function.arguments.at }} \
                {% for key in c.function.arguments %}{{ key }}{% endfor %} {{ messages[0].reasoning_content }}""")
                .render(List.of(new ChatMessage(
                        Role.ASSISTANT,
                        List.of(),
                        null,
                        null,
                        "hm",
                        List.of(new ToolCall("id1", "look", "{\"at\":\"sea\"}")))));
        assertThat(prompt.text()).isEqualTo("function id1 look sea at hm");
        assertThat(clientParts(prompt)).containsExactly("id1", "look", "sea", "at", "hm");
    }

    @Test
    void aMessageWithoutContentHasNoneUnlessTheTemplateNeedsIt() {
        assertThat(renderer("{{ 'content' in messages[0] }}")
                        .render(List.of(calls("{}")))
                        .text())
                .isEqualTo("False");
        assertThat(renderer("{% for m in messages %}{{ '[' + m.content + ']' }}{% endfor %}")
                        .render(List.of(calls("{}")))
                        .text())
                .isEqualTo("[]");
    }

    private static ChatMessage calls(String... arguments) {
        List<ToolCall> calls =
                Stream.of(arguments).map(json -> new ToolCall("id", "f", json)).toList();
        return new ChatMessage(Role.ASSISTANT, List.of(), null, null, null, calls);
    }
}
