package dev.conch.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.conch.generation.ErrorCode;
import dev.conch.openai.Conversation;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a request becomes a variable of the template, and which of them turn reasoning on and off. */
class TemplateVariablesTest extends RenderingTest {
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
                asking("minimal"),
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
                        .render(asking(effort))
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

    private static Conversation asking(String effort) {
        return with(Map.of(), Map.of("reasoning_effort", effort));
    }

    private static Conversation asking(String effort, String verbosity) {
        return with(Map.of(), Map.of("reasoning_effort", effort, "verbosity", verbosity));
    }
}
