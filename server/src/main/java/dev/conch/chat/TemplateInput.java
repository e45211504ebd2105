package dev.conch.chat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code apply_chat_template} is called with, as plain values (see {@link dev.conch.chat.jinja.JinjaTemplate#render}); what a client
 * wrote is {@link dev.conch.chat.jinja.ClientText}.
 *
 * @param messages with a role each; a field that is null counts as absent
 * @param tools definitions of functions; null is {@code None} to the template
 * @param documents what the answer is to be drawn from; null is {@code None} to the template
 * @param variables further variables by name, {@code enable_thinking} for one
 * @param addGenerationPrompt whether the prompt ends with the head of the assistant's next message
 * @param continueFinalMessage whether the prompt ends where the text of the last message ends, so that the model goes on with it
 */
public record TemplateInput(
        List<? extends Map<String, ? extends @Nullable Object>> messages,
        @Nullable List<?> tools,
        @Nullable List<?> documents,
        Map<String, ? extends @Nullable Object> variables,
        boolean addGenerationPrompt,
        boolean continueFinalMessage) {}
