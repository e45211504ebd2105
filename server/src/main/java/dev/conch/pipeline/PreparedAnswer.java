package dev.conch.pipeline;

import dev.conch.generation.GenerationRequest;
import dev.conch.generation.TraceContext;
import java.util.List;

/**
 * What the engine has to generate for an answer.
 *
 * @param generations one for each prompt, at least one
 * @param echoes for each prompt the text that goes before its choices' own; empty: none
 */
record PreparedAnswer(List<GenerationRequest> generations, List<String> echoes) {

    PreparedAnswer {
        generations = List.copyOf(generations);
        echoes = List.copyOf(echoes);
    }

    /** The same as part of a trace. */
    PreparedAnswer withTrace(TraceContext trace) {
        return new PreparedAnswer(
                generations.stream()
                        .map(generation -> generation.withTrace(trace))
                        .toList(),
                echoes);
    }
}
