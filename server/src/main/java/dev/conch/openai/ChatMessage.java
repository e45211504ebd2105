package dev.conch.openai;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a conversation ({@code ChatCompletionRequestMessage}).
 *
 * @param content the parts in order, a plain string being one text part; empty if the message has no content
 * @param name who is speaking, where several share a role
 * @param toolCallId for role {@code tool}: the call that this answers
 * @param reasoningContent for role {@code assistant}: what it thought before it spoke
 * @param toolCalls for role {@code assistant}: the calls that it made
 */
public record ChatMessage(
        Role role,
        List<ContentPart> content,
        @Nullable String name,
        @Nullable String toolCallId,
        @Nullable String reasoningContent,
        List<ToolCall> toolCalls) {

    public ChatMessage {
        content = List.copyOf(content);
        toolCalls = List.copyOf(toolCalls);
    }

    /** A message without tool calls and reasoning. */
    public ChatMessage(Role role, List<ContentPart> content, @Nullable String name, @Nullable String toolCallId) {
        this(role, content, name, toolCallId, null, List.of());
    }

    /**
     * A call of a function ({@code ChatCompletionMessageToolCall}).
     *
     * @param name of the function
     * @param arguments what the model wrote: a JSON object, if it wrote well
     */
    public record ToolCall(String id, String name, String arguments) {}

    /** Who speaks. */
    public enum Role {
        SYSTEM("system"),
        DEVELOPER("developer"),
        USER("user"),
        ASSISTANT("assistant"),
        TOOL("tool");

        private final String wireName;

        Role(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** A piece of a message's content. */
    public sealed interface ContentPart {}

    /** Text ({@code type: text}). */
    public record TextPart(String text) implements ContentPart {}
}
