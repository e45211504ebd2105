package dev.conch.chat;

import dev.conch.openai.ChatMessage;
import dev.conch.openai.Conversation;
import java.util.List;

/** Turns a conversation into a model's prompt. Thread-safe. */
public interface PromptRenderer {

    /**
     * Renders a conversation.
     *
     * @throws dev.conch.generation.GenerationException {@code INVALID_MESSAGES} with the template's own words if it refuses the
     *     messages, {@code UNSUPPORTED_PARAMETER} for a variable or a template that clients may not bring, {@code INVALID_VALUE} if a
     *     client's own template is at fault, {@code TEMPLATE_ERROR} if the model's is
     */
    RenderedPrompt render(Conversation conversation);

    /** What a conversation may have besides messages. */
    default PromptFeatures features() {
        return PromptFeatures.MESSAGES_ALONE;
    }

    /** Renders messages alone, ready for the assistant's next turn. */
    default RenderedPrompt render(List<ChatMessage> messages) {
        return render(Conversation.of(messages));
    }
}
