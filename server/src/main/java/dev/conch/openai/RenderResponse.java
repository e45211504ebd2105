package dev.conch.openai;

import io.micronaut.serde.annotation.Serdeable;
import io.micronaut.serde.config.naming.SnakeCaseStrategy;
import java.util.List;

/**
 * The answer to {@code POST /v1/chat/completions/render}: what the engine would have got for a chat request. No specification has it.
 *
 * @param model as the client named it
 * @param prompt the text that the model's template made
 * @param tokens the ids of that text
 * @param count how many tokens there are
 * @param maxModelLen most tokens of prompt and answer together
 */
@Serdeable(naming = SnakeCaseStrategy.class)
public record RenderResponse(String model, String prompt, List<Integer> tokens, int count, int maxModelLen) {}
