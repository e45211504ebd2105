package dev.conch.response;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes an answer of events. There are two: the stream and the single answer; whatever feeds them does not know which. Called on the
 * request's event loop.
 */
public sealed interface AnswerFold permits ChunkAssembler, CompletionCollector {

    /** The next event, in order. */
    void accept(OutputEvent event);

    /** Nothing more will come, because of this. Only called after {@link #bodyReady()}; until then a failure is an answer of its own. */
    void fail(GenerationException error);

    /** Whether {@link #body()} may be handed out: from then on the answer is a success. */
    boolean bodyReady();

    /** The body of the answer. */
    Object body();

    /** Why an answer that had begun was cut short on this side of the connection; null if it was not. */
    default @Nullable ErrorCode cut() {
        return null;
    }
}
