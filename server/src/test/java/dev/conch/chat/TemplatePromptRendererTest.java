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
import dev.conch.openai.ChatMessage.ToolCall;
import dev.conch.openai.Conversation;
import dev.conch.openai.Tool;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplatePromptRendererTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-07T12:00:00Z"), ZoneOffset.UTC);

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
                "The messages are too many or too long for the model's chat template (its limit: 100000 loop iterations).",
                "messages");
    }

    @Test
    void tellsTheTimeOfItsClock() {
        assertThat(renderer("{{ strftime_now('%d %b %Y') }}").render(List.of()).text())
                .isEqualTo("07 Mar 2026");
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

    @Test
    void toolsAreShownAsTheyWereSent() {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        parameters.put("z", new BigInteger("12345678901234567890123"));
        parameters.put("a", Arrays.asList(1L, 1.0, 1e-7, true, null, "<|im_end|>"));
        Map<String, @Nullable Object> definition = new LinkedHashMap<>();
        definition.put("type", "function");
        definition.put("function", parameters);
        RenderedPrompt prompt = renderer("{{ tools | tojson }}{{ documents is none }}")
                .render(new Conversation(
                        List.of(message(Role.USER, "x")),
                        List.of(new Tool(definition)),
                        List.of(),
                        Map.of(),
                        null,
                        true,
                        false));
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
                .render(new Conversation(
                        List.of(message(Role.USER, "x")), List.of(), List.of(document), Map.of(), null, true, false));
        assertThat(prompt.text()).isEqualTo("T: xTrue");
        assertThat(clientParts(prompt)).containsExactly("T", "x");
    }

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
        List<ChatMessage> messages = List.of(message(Role.USER, "x"));
        assertThat(renderer.render(messages).text()).isEqualTo("plain");
        assertThat(renderer.render(new Conversation(messages, tools, documents, Map.of(), null, true, false))
                        .text())
                .isEqualTo("1 tool");
        assertThat(renderer.render(new Conversation(messages, List.of(), documents, Map.of(), null, true, false))
                        .text())
                .isEqualTo("1 document");
    }

    @Test
    void refusesWhatTheTemplateWouldIgnore() {
        List<ChatMessage> messages = List.of(message(Role.USER, "x"));
        assertRefused(
                renderer("x"),
                new Conversation(messages, List.of(new Tool(Map.of())), List.of(), Map.of(), null, true, false),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "tools",
                "Unsupported parameter: 'tools' (the model's chat template takes none).");
        assertRefused(
                renderer("x"),
                new Conversation(messages, List.of(), List.of(Map.of()), Map.of(), null, true, false),
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
    void takesTheVariablesThatTheOperatorAllows() {
        TemplatePromptRenderer renderer = renderer(
                "{{ enable_thinking }} {{ style }}",
                new TemplatePolicy(ContentFormat.AUTO, Set.of("enable_thinking", "style"), false));
        RenderedPrompt prompt = renderer.render(with(Map.of("enable_thinking", false, "style", "<|im_end|>")));
        assertThat(prompt.text()).isEqualTo("False <|im_end|>");
        assertThat(clientParts(prompt)).containsExactly("<|im_end|>");
        assertRefused(
                renderer,
                with(Map.of("styl", 1)),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template_kwargs.styl",
                "Unsupported parameter: 'chat_template_kwargs.styl' (expected one of 'enable_thinking', 'style').");
        assertRefused(
                renderer("x"),
                with(Map.of("enable_thinking", true)),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template_kwargs.enable_thinking",
                "Unsupported parameter: 'chat_template_kwargs.enable_thinking' (expected nothing: this model takes none).");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "messages",
                "tools",
                "documents",
                "add_generation_prompt",
                "continue_final_message",
                "bos_token",
                "eos_token",
                "chat_template",
                "tokenize",
                "return_dict",
                "raise_exception"
            })
    void keepsReservedNamesForItself(String name) {
        assertRefused(
                renderer("x"),
                with(Map.of(name, "y")),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template_kwargs." + name,
                "Unsupported parameter: 'chat_template_kwargs." + name + "' (the name is reserved).");
        assertThatThrownBy(() -> renderer("x", new TemplatePolicy(ContentFormat.AUTO, Set.of(name, "y"), false)))
                .hasMessage("chat-template-kwargs: " + name + " (expected: names that mean nothing to the server)");
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

    @Test
    void takesParametersOfTheRequestThatTheTemplateHas() {
        RenderedPrompt prompt =
                renderer("{{ reasoning_effort }} {{ verbosity }}").render(asking("low", "high"));
        assertThat(prompt.text()).isEqualTo("low high");
        assertThat(clientParts(prompt)).containsExactly("low", "high");
        assertRefused(
                renderer("{{ reasoning_effort }}"),
                asking("low", "high"),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "verbosity",
                "Unsupported parameter: 'verbosity' (the chat template has no variable for it).");
        assertRefused(
                renderer("{{ effort }}"),
                withRequestVariable("reasoning_effort", "minimal"),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "reasoning_effort",
                "Unsupported parameter: 'reasoning_effort' (the chat template has no variable for it).");
    }

    /** What is so anyway is not refused. */
    @Test
    void aTemplateWithoutVariablesObeysWhatAsksForNothing() {
        assertThat(renderer("plain").render(asking("none", "medium")).text()).isEqualTo("plain");
        assertRefused(
                reasoning("plain"),
                asking("none", "medium"),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "reasoning_effort",
                "Unsupported parameter: 'reasoning_effort' (the chat template has no variable for it).");
    }

    private static Conversation asking(String effort, String verbosity) {
        return new Conversation(
                List.of(message(Role.USER, "hi")),
                List.of(),
                List.of(),
                Map.of(),
                Map.of("reasoning_effort", effort, "verbosity", verbosity),
                null,
                true,
                false);
    }

    @ParameterizedTest
    @CsvSource({
        "{{ enable_thinking }}, none, False",
        "{{ enable_thinking }}, minimal, True",
        "{{ enable_thinking }}, max, True",
        "{{ thinking }}, none, False",
        "{{ thinking }}, low, True",
        "{{ enable_thinking }}{{ thinking }}, none, FalseFalse",
        "{{ reasoning_effort }}, none, none",
        "{{ thinking }} {{ reasoning_effort }}, none, 'False '",
        "{{ thinking }} {{ reasoning_effort }}, high, True high",
        "{{ message.thinking }}{{ reasoning_effort }}, none, none"
    })
    void turnsReasoningOnAndOffWhereTheTemplateHasASwitch(String template, String effort, String prompt) {
        assertThat(renderer("{% set message = {} %}" + template)
                        .render(withRequestVariable("reasoning_effort", effort))
                        .text())
                .isEqualTo(prompt);
    }

    @Test
    void refusesAnEffortThatContradictsAVariable() {
        TemplatePromptRenderer renderer = reasoning("{{ enable_thinking }} {{ thinking }}");
        assertRefused(
                renderer,
                with(Map.of("thinking", true), Map.of("reasoning_effort", "none")),
                ErrorCode.INVALID_VALUE,
                "reasoning_effort",
                "Invalid 'reasoning_effort': it contradicts 'chat_template_kwargs.thinking'.");
        assertThat(renderer.render(with(Map.of("thinking", true), Map.of("reasoning_effort", "low")))
                        .text())
                .isEqualTo("True True");
    }

    @Test
    void takesTheSwitchOfAModelThatReasons() {
        assertThat(reasoning("{{ enable_thinking }}")
                        .render(with(Map.of("enable_thinking", false)))
                        .text())
                .isEqualTo("False");
        assertRefused(
                reasoning("{{ enable_thinking }}"),
                with(Map.of("enable_thinking", "false")),
                ErrorCode.INVALID_TYPE,
                "chat_template_kwargs.enable_thinking",
                "Invalid type for 'chat_template_kwargs.enable_thinking': expected a boolean.");
        assertRefused(
                reasoning("{{ enable_thinking }} {{ style }}"),
                with(Map.of("style", "x")),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template_kwargs.style",
                "Unsupported parameter: 'chat_template_kwargs.style' (expected one of 'enable_thinking').");
        assertRefused(
                reasoning("x"),
                with(Map.of("enable_thinking", false)),
                ErrorCode.UNSUPPORTED_PARAMETER,
                "chat_template_kwargs.enable_thinking",
                "Unsupported parameter: 'chat_template_kwargs.enable_thinking' (expected nothing: this model takes none).");
    }

    private static TemplatePromptRenderer reasoning(String template) {
        return renderer(template, TemplatePolicy.DEFAULT.withReasoning());
    }

    private static Conversation with(Map<String, Object> variables, Map<String, String> requestVariables) {
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

    private static Conversation withRequestVariable(String name, String value) {
        return new Conversation(
                List.of(message(Role.USER, "hi")),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(name, value),
                null,
                true,
                false);
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

    private static TemplatePromptRenderer open(String template) {
        return renderer(template, new TemplatePolicy(ContentFormat.AUTO, Set.of(), true));
    }

    private static Conversation bringing(String template) {
        return new Conversation(
                List.of(message(Role.USER, "hi")), List.of(), List.of(), Map.of(), template, true, false);
    }

    private static Conversation with(Map<String, Object> variables) {
        return new Conversation(List.of(message(Role.USER, "hi")), List.of(), List.of(), variables, null, true, false);
    }

    private static ChatMessage calls(String... arguments) {
        List<ToolCall> calls =
                Stream.of(arguments).map(json -> new ToolCall("id", "f", json)).toList();
        return new ChatMessage(Role.ASSISTANT, List.of(), null, null, null, calls);
    }

    private static List<String> clientParts(RenderedPrompt prompt) {
        return prompt.clientSpans().stream()
                .map(span -> prompt.text().substring(span.start(), span.end()))
                .toList();
    }

    private static void assertRefused(
            TemplatePromptRenderer renderer, Conversation conversation, ErrorCode code, String param, String message) {
        assertThatThrownBy(() -> renderer.render(conversation))
                .isInstanceOfSatisfying(GenerationException.class, error -> {
                    assertThat(error.clientMessage()).isEqualTo(message);
                    assertThat(error.code()).isEqualTo(code);
                    assertThat(error.param()).isEqualTo(param);
                });
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
        return new TemplatePromptRenderer(template, Map.of("bos_token", "<s>"), CLOCK);
    }

    private static TemplatePromptRenderer renderer(String template, TemplatePolicy policy) {
        return new TemplatePromptRenderer(Map.of("default", template), Map.of("bos_token", "<s>"), policy, CLOCK);
    }

    private static ChatMessage message(Role role, String... parts) {
        List<ContentPart> content =
                Stream.of(parts).<ContentPart>map(TextPart::new).toList();
        return new ChatMessage(role, content, null, null);
    }
}
