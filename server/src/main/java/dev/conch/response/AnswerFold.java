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

    /** So many tokens of the prompts were not computed anew, besides those told before. */
    void promptRead(int cachedTokens);

    /** So many tokens were generated for choices that are not shown. They are counted. */
    void discarded(int tokens);

    /** The next event, in order. */
    void accept(OutputEvent event);

    /** The next event, in order, of which the client is told nothing. Its tokens are counted; never the end of a choice. */
    void hide(OutputEvent event);

    /** Nothing more will come, because of this. Only called after the body was handed out; until then a failure is an answer of its own. */
    void fail(GenerationException error);

    /** Whether there is something to say: from then on the answer is a success. */
    boolean bodyReady();

    /** The body of the answer. A stream's may be handed out before it is ready. */
    Object body();

    /** Why an answer that had begun was cut short on this side of the connection; null if it was not. */
    default @Nullable ErrorCode cut() {
        return null;
    }
}
