package dev.conch.pipeline;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TraceContext;
import dev.conch.output.AnswerFormat;
import java.util.List;

/**
 * What the engine has to generate for an answer.
 *
 * @param generations one for each prompt, at least one
 * @param echoes for each prompt the text that goes before its choices' own; empty: none
 * @param format how the text of all choices is taken apart
 * @param constraintParam the parameter that asked for what the answers must look like
 */
record PreparedAnswer(
        List<GenerationRequest> generations, List<String> echoes, AnswerFormat format, String constraintParam) {

    PreparedAnswer {
        generations = List.copyOf(generations);
        echoes = List.copyOf(echoes);
    }

    /**
     * Refuses to ask an engine for more than that many tokens: those of all prompts, and for each of their choices as many as it may have.
     *
     * @param field the client's name for how many a choice may have
     * @throws GenerationException {@code REQUEST_TOO_LARGE}
     */
    void requireAtMost(int maxTokens, String field) {
        long tokens = generations.stream().mapToLong(PreparedAnswer::mostTokens).sum();
        if (tokens > maxTokens) {
            throw new GenerationException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "This request could come to %d tokens, those of its prompts and '%s' for each choice together. One request may have at most %d."
                            .formatted(tokens, field, maxTokens),
                    field);
        }
    }

    private static long mostTokens(GenerationRequest generation) {
        return generation.promptTokenIds().length
                + (long) generation.choices() * generation.stop().maxTokens();
    }

    /** The same as part of a trace. */
    PreparedAnswer withTrace(TraceContext trace) {
        return new PreparedAnswer(
                generations.stream()
                        .map(generation -> generation.withTrace(trace))
                        .toList(),
                echoes,
                format,
                constraintParam);
    }
}
