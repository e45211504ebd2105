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

    /** What the assistant said. {@code refusal} is part of the schema and null unless the model refused. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable
    public record Message(
            String role, @Nullable String content, @Nullable String refusal) {}
}
