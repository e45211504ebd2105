package dev.conch.openai;

import java.util.List;

/**
 * The body of {@code POST /detokenize}, as vLLM has it: OpenAI has no such endpoint.
 *
 * @param model which model, never empty
 * @param tokens ids, none of them negative
 */
public record DetokenizeRequest(String model, List<Integer> tokens) {

    public DetokenizeRequest {
        tokens = List.copyOf(tokens);
    }
}
