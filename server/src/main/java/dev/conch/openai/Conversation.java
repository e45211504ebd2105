package dev.conch.openai;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the prompt is made of: the fields of a chat request that a model's template sees. All but messages and tools are extensions, with
 * names and meanings as vLLM has them.
 *
 * @param messages at least one message
 * @param tools functions that the model may call; none: the template is told of no tools
 * @param documents what the answer is to be drawn from, as plain values; none: the template is told of no documents
 * @param templateVariables {@code chat_template_kwargs}, as plain values
 * @param requestVariables {@code reasoning_effort} and {@code verbosity}, which the template may have variables for
 * @param chatTemplate a template of the client's own; null: the model's
 * @param addGenerationPrompt whether the prompt ends with the head of the assistant's next message
 * @param continueFinalMessage whether the model goes on with the last message, which is the assistant's
 */
public record Conversation(
        List<ChatMessage> messages,
        List<Tool> tools,
        List<? extends Map<String, ? extends @Nullable Object>> documents,
        Map<String, ? extends @Nullable Object> templateVariables,
        Map<String, String> requestVariables,
        @Nullable String chatTemplate,
        boolean addGenerationPrompt,
        boolean continueFinalMessage) {

    public Conversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        documents = List.copyOf(documents);
        requestVariables = Map.copyOf(requestVariables);
    }

    /** A conversation that says nothing of effort and verbosity. */
    public Conversation(
            List<ChatMessage> messages,
            List<Tool> tools,
            List<? extends Map<String, ? extends @Nullable Object>> documents,
            Map<String, ? extends @Nullable Object> templateVariables,
            @Nullable String chatTemplate,
            boolean addGenerationPrompt,
            boolean continueFinalMessage) {
        this(
                messages,
                tools,
                documents,
                templateVariables,
                Map.of(),
                chatTemplate,
                addGenerationPrompt,
                continueFinalMessage);
    }

    /** The same without tools. */
    public Conversation withoutTools() {
        return new Conversation(
                messages,
                List.of(),
                documents,
                templateVariables,
                requestVariables,
                chatTemplate,
                addGenerationPrompt,
                continueFinalMessage);
    }

    /** Messages alone, to be answered. */
    public static Conversation of(List<ChatMessage> messages) {
        return new Conversation(messages, List.of(), List.of(), Map.of(), null, true, false);
    }
}
