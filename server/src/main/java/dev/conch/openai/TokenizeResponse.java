package dev.conch.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code POST /tokenize}, as vLLM has it.
 *
 * @param count how many tokens there are
 * @param maxModelLen most tokens of prompt and answer together
 * @param tokens their ids
 * @param tokenStrs the text of each, as the vocabulary spells it; null unless asked for
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
@Serdeable(naming = SnakeCaseStrategy.class)
public record TokenizeResponse(
        int count,
        int maxModelLen,
        List<Integer> tokens,
        @Nullable List<String> tokenStrs) {}
