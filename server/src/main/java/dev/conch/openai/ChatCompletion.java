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
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record ChatCompletion(
        String id, String object, long created, String model, List<Choice> choices, CompletionUsage usage) {

    public static final String OBJECT = "chat.completion";

    /** One of the answers asked for. {@code logprobs} is part of the schema and null unless asked for. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Choice(
            int index, Message message, @Nullable Object logprobs, String finishReason) {}

    /** What the assistant said. {@code refusal} is part of the schema and null unless the model refused. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable
    public record Message(
            String role, @Nullable String content, @Nullable String refusal) {}
}
