package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How likely the tokens of a choice were. {@code refusal} is part of the schema and null: no token here is one of a refusal.
 *
 * @param content the choice's tokens in order
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Serdeable
public record ChatLogprobs(List<Token> content, @Nullable List<Token> refusal) {

    /**
     * One token ({@code ChatCompletionTokenLogprob}).
     *
     * @param bytes in UTF-8; null for a control token, which has no text
     * @param topLogprobs the most likely tokens at its place
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Token(
            String token, float logprob, @Nullable List<Integer> bytes, List<TopLogprob> topLogprobs) {}

    /** A token that could have stood at a place. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable
    public record TopLogprob(
            String token, float logprob, @Nullable List<Integer> bytes) {}
}
