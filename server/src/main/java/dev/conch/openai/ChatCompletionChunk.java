package dev.conch.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer ({@code CreateChatCompletionStreamResponse}), without what is the same in all chunks of a stream.
 *
 * @param choices news of some choices; empty in the chunk that carries the usage
 * @param usage in the last chunk of a stream that asked for it, else null
 */
public record ChatCompletionChunk(
        List<Choice> choices, @Nullable CompletionUsage usage) {

    public ChatCompletionChunk {
        choices = List.copyOf(choices);
    }

    /** A chunk about one choice. */
    public static ChatCompletionChunk of(Choice choice) {
        return new ChatCompletionChunk(List.of(choice), null);
    }

    /**
     * News of one choice.
     *
     * @param finishReason in the last chunk of the choice, else null
     */
    public record Choice(int index, Delta delta, @Nullable String finishReason) {}

    /**
     * What is added to the message.
     *
     * @param role in the first chunk of a choice only: clients concatenate
     * @param content more text, or null
     */
    public record Delta(@Nullable String role, @Nullable String content) {
        /** Nothing is added. */
        public static final Delta EMPTY = new Delta(null, null);
    }
}
