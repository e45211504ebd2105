package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.conch.openai.ChatMessage;
import dev.conch.openai.ChatMessage.Role;
import dev.conch.openai.ChatMessage.TextPart;
import dev.conch.openai.Conversation;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RenderedPromptTest {
    private static final String TEMPLATE = """
            Mark it with <think>.
            {%- for message in messages %}[{{ message.role }}]
            {%- if message.reasoning_content %}<think>{{ message.reasoning_content }}</think>{% endif -%}
            {{ message.content }};{% endfor -%}
            {%- if add_generation_prompt %}[assistant]<think>{% endif %}""";

    @Test
    void endsWithWhatTheTemplateWroteAfterTheLastMessage() {
        assertThat(ending(true, message(Role.USER, "What is </think>?"))).isEqualTo(";[assistant]<think>");
    }

    @Test
    void endsWithTheMessageThatIsToBeContinued() {
        assertThat(ending(false, message(Role.USER, "What is </think>?"), message(Role.ASSISTANT, "<think>It is")))
                .isEqualTo(";[assistant]<think>It is");
    }

    @Test
    void endsBehindTheReasoningOfAMessageThatIsToBeContinued() {
        var message =
                new ChatMessage(Role.ASSISTANT, List.of(new TextPart("Yes")), null, null, "So <think>", List.of());
        assertThat(ending(false, message(Role.USER, "?"), message)).isEqualTo("</think>Yes");
    }

    @Test
    void isAllOfThePromptIfTheClientWroteNothing() {
        assertThat(new RenderedPrompt("[assistant]", List.of()).ending()).isEqualTo("[assistant]");
        assertThat(new RenderedPrompt("", List.of()).ending()).isEmpty();
    }

    private static ChatMessage message(Role role, String content) {
        return new ChatMessage(role, List.of(new TextPart(content)), null, null);
    }

    private static String ending(boolean answer, ChatMessage... messages) {
        return new TemplatePromptRenderer(TEMPLATE, Map.of(), Clock.systemUTC())
                .render(new Conversation(List.of(messages), List.of(), List.of(), Map.of(), null, answer, !answer))
                .ending();
    }
}
