package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a completion request ({@code CreateCompletionResponse}), which is also what the chunks of its stream are called.
 *
 * @param created seconds since 1970
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record TextCompletion(
        String id,
        String object,
        long created,
        String model,
        String systemFingerprint,
        List<Choice> choices,
        CompletionUsage usage) {

    public static final String OBJECT = "text_completion";

    /**
     * One of the answers asked for.
     *
     * @param logprobs part of the schema and null unless asked for
     * @param promptTokenIds extension: null unless asked for
     * @param tokenIds extension: null unless asked for
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Choice(
            int index,
            String text,
            @Nullable Logprobs logprobs,
            String finishReason,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Integer> promptTokenIds,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Integer> tokenIds) {}

    /**
     * How likely the tokens of a choice were: four lists of the same length.
     *
     * @param textOffset where in the text the token begins, in characters
     * @param topLogprobs the most likely tokens at its place and the token itself, each with its logprob
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Serdeable(naming = SnakeCaseStrategy.class)
    public record Logprobs(
            List<Integer> textOffset,
            List<Float> tokenLogprobs,
            List<String> tokens,
            List<Map<String, Float>> topLogprobs) {}
}
