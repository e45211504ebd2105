package dev.conch.chat;

import dev.conch.openai.ChatMessage;
import java.util.List;

/** Turns messages into a model's prompt. Thread-safe. */
public interface PromptRenderer {

    /**
     * Renders a conversation, ready for the assistant's next turn.
     *
     * @throws dev.conch.generation.GenerationException {@code INVALID_MESSAGES} with the template's own words if it refuses the
     *     messages, {@code TEMPLATE_ERROR} if the template is at fault
     */
    RenderedPrompt render(List<ChatMessage> messages);
}
