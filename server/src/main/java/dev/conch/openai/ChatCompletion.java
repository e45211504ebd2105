package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The single answer to a chat request ({@code CreateChatCompletionResponse}).
 *
 * @param created seconds since 1970
 * @param promptTokenIds extension: null unless asked for
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        String systemFingerprint,
        List<Choice> choices,
        CompletionUsage usage,
        @Nullable List<Integer> promptTokenIds) {

    public static final String OBJECT = "chat.completion";

    /** What {@link #OBJECT} is called in a stream. */
    public static final String CHUNK_OBJECT = "chat.completion.chunk";

    /**
     * One of the answers asked for.
     *
     * @param logprobs part of the schema and null unless asked for
     * @param tokenIds extension: null unless asked for
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Choice(
            int index,
            Message message,
            @Nullable ChatLogprobs logprobs,
            String finishReason,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Integer> tokenIds) {}

    /**
     * What the assistant said. {@code content} and {@code refusal} are part of the schema and null if there is none; the others are absent
     * then.
     *
     * @param reasoningContent extension: what it thought before
     * @param reasoning extension: the same under its other name
     * @param toolCalls the functions that it calls
     * @param functionCall the function that it calls, for requests of OpenAI's older form
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Message(
            String role,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String content,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String refusal,

            @Nullable String reasoningContent,
            @Nullable String reasoning,
            @Nullable List<ToolCall> toolCalls,
            @Nullable FunctionCall functionCall) {}

    /** A call that the assistant makes ({@code ChatCompletionMessageToolCall}). {@code type} is {@code function}. */
    @Serdeable
    public record ToolCall(String id, String type, FunctionCall function) {}

    /**
     * Which function, with what.
     *
     * @param arguments a JSON object, unless the model wrote something else or was cut short
     */
    @Serdeable
    public record FunctionCall(String name, String arguments) {}
}
