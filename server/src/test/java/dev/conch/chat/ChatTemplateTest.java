package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.conch.chat.jinja.ClientText;
import dev.conch.chat.jinja.RenderLimits;
import dev.conch.generation.TextSpan;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
    private static final String TURNS =
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}</>\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    @Test
    void dropsNullFieldsOfMessagesButNotOfTheirParts() {
        Map<String, @Nullable Object> part = new LinkedHashMap<>();
        part.put("text", null);
        assertThat(render("{{ messages }}", message("role", "user", "name", null, "content", List.of(part))))
                .isEqualTo("[{'role': 'user', 'content': [{'text': None}]}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning_content", "thinking", "reasoning"})
    void findsReasoningUnderAnyOfItsNames(String name) {
        assertThat(render(
                        "{{ messages[0].thinking }} {{ messages[0].reasoning_content }}",
                        message("role", "assistant", name, "hm")))
                .isEqualTo("hm hm");
    }

    @Test
    void theFirstNameOfReasoningWins() {
        assertThat(render("{{ messages }}", message("thinking", "b", "reasoning", "c", "reasoning_content", "a")))
                .isEqualTo("[{'thinking': 'b', 'reasoning': 'c', 'reasoning_content': 'a'}]");
        assertThat(render("{{ messages }}", message("thinking", null, "reasoning", "c")))
                .isEqualTo("[{'thinking': 'c', 'reasoning': 'c', 'reasoning_content': 'c'}]");
        assertThat(render("{{ messages }}", message("role", "assistant", "reasoning", "c")))
                .isEqualTo("[{'thinking': 'c', 'role': 'assistant', 'reasoning': 'c', 'reasoning_content': 'c'}]");
    }

    @Test
    void variablesGiveWayToWhatTheServerSets() {
        var input = new TemplateInput(
                List.of(message("role", "user")),
                null,
                null,
                Map.of("messages", "m", "tools", "t", "add_generation_prompt", "a", "bos_token", "b", "x", "y"),
                false,
                false);
        assertThat(apply(
                                "{{ messages[0].role }} {{ tools }} {{ add_generation_prompt }} {{ bos_token }} {{ x }}",
                                input)
                        .text())
                .isEqualTo("user None False b y");
    }

    @Test
    void endsWhereTheFinalMessageEnds() {
        RenderedPrompt prompt = apply(TURNS, continuing(new ClientText("Hi there"), new ClientText("I am ")));
        assertThat(prompt.text()).isEqualTo("<user>Hi there</>\n<assistant>I am ");
        assertThat(prompt.clientSpans()).containsExactly(new TextSpan(6, 14), new TextSpan(29, 34));
    }

    @Test
    void aTemplateThatTrimsTrimsTheFinalMessageToo() {
        RenderedPrompt prompt =
                apply(TURNS.replace("m.content", "m.content | trim"), continuing("Hi", new ClientText(" I am \u00a0")));
        assertThat(prompt.text()).isEqualTo("<user>Hi</>\n<assistant>I am");
        assertThat(prompt.clientSpans()).containsExactly(new TextSpan(23, 27));
    }

    @Test
    void continuesTheLastPartThatHasAText() {
        List<Object> parts = List.of(
                Map.of("type", "text", "text", new ClientText("a")),
                Map.of("type", "text", "text", new ClientText("b")),
                Map.of("type", "image"));
        RenderedPrompt prompt = apply(
                "{% for p in messages[-1].content %}[{{ p.text }}]{% endfor %} and so on", continuing("Hi", parts));
        assertThat(prompt.text()).isEqualTo("[a][b");
        assertThat(prompt.clientSpans()).containsExactly(new TextSpan(1, 2), new TextSpan(4, 5));
    }

    /** The word that {@code transformers} looks for is a word like any other. */
    @ParameterizedTest
    @ValueSource(strings = {"CONTINUE_FINAL_MESSAGE_TAG ", "CONTINUE_FINAL_MESSAGE_TAG_0123456789ABCDEF "})
    void aClientCannotCutThePrompt(String word) {
        RenderedPrompt prompt =
                apply("{{ messages[1].content }}|{{ messages[0].content }}|", continuing(word + "x", word + "y"));
        assertThat(prompt.text()).isEqualTo(word + "y");
        assertThat(apply("{{ messages[0].content }}|{{ messages[1].content }}|", continuing(word + "x", word + "y"))
                        .text())
                .isEqualTo(word + "x|" + word + "y");
    }

    @Test
    void doesNotContinueWhatIsNotThere() {
        assertRefused(TURNS, null, "has no text to continue");
        assertRefused(TURNS, List.of(), "has no text to continue");
        assertRefused(TURNS, List.of(Map.of("type", "image")), "has no text to continue");
        assertRefused(TURNS, 7, "has no text to continue");
        assertRefused("{{ messages[0].content }}", "I am", "does not show it as it is");
        assertRefused("{{ messages[1].content | replace('am', 'was') }}", "I am", "does not show it as it is");
    }

    private static void assertRefused(String template, @Nullable Object finalContent, String reason) {
        assertThatExceptionOfType(ContinuationException.class)
                .isThrownBy(() -> apply(template, continuing("Hi", finalContent)))
                .withMessageContaining(reason);
    }

    private static TemplateInput continuing(@Nullable Object first, @Nullable Object last) {
        return new TemplateInput(
                List.of(message("role", "user", "content", first), message("role", "assistant", "content", last)),
                null,
                null,
                Map.of(),
                false,
                true);
    }

    private static String render(String template, Map<String, @Nullable Object> message) {
        return apply(template, new TemplateInput(List.of(message), null, null, Map.of(), false, false))
                .text();
    }

    private static RenderedPrompt apply(String template, TemplateInput input) {
        return ChatTemplate.compile(template, Map.of("bos_token", "<s>"))
                .apply(input, RenderLimits.DEFAULT, Clock.systemUTC());
    }

    private static Map<String, @Nullable Object> message(@Nullable Object... namesAndValues) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        List<@Nullable Object> fields = Arrays.asList(namesAndValues);
        for (int i = 0; i < fields.size(); i += 2) {
            message.put(String.valueOf(fields.get(i)), fields.get(i + 1));
        }
        return message;
    }
}
