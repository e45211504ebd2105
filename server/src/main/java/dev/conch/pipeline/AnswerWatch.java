package dev.conch.pipeline;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.telemetry.Exchange;
import dev.conch.telemetry.RequestWatch;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Sees to it that a request's end is told once, whichever way it ends. Everything happens on the connection's event loop. */
final class AnswerWatch {
    private final RequestWatch watch;
    private @Nullable RunningAnswer answer;
    private String outcome = Exchange.CANCELLED;
    private boolean over;

    AnswerWatch(RequestWatch watch, ClientConnection client) {
        this.watch = watch;
        client.onClosed(this::end);
    }

    RequestWatch watch() {
        return watch;
    }

    /** It failed before there was an answer to follow. */
    void failedEarly(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        ErrorCode code = cause instanceof GenerationException known ? known.code() : ErrorCode.INTERNAL_ERROR;
        outcome = code.wireName();
    }

    /** The prompts are ready; how it ends is the answer's matter from now on. If the client has left already, so does the answer. */
    void follow(RunningAnswer running, int promptTokens) {
        if (over) {
            running.abandon();
        } else {
            watch.started(promptTokens);
            answer = running;
        }
    }

    private void end() {
        over = true;
        if (answer != null) {
            answer.abandon();
            outcome = answer.outcome();
        }
        watch.ended(outcome);
    }
}
