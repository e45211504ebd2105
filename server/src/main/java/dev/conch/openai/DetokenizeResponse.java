package dev.conch.openai;

import io.micronaut.serde.annotation.Serdeable;

/**
 * The answer to {@code POST /detokenize}, as vLLM has it.
 *
 * @param prompt the text of the tokens, special ones included
 */
@Serdeable
public record DetokenizeResponse(String prompt) {}
