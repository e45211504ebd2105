package dev.conch.loadtest;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request. Immutable.
 *
 * @param level of the rate at which it arrived, counted from 0
 * @param outcome {@code complete}, or what went wrong
 * @param ttftNanos from its arrival to the first event with text; 0 if none came
 * @param gapNanos between one event with text and the next; events that came in one read have none between them
 * @param promptTokens as the server says at the end
 * @param outputTokens as the server says at the end
 * @param cachedTokens of the prompt, as the server says at the end
 */
record Answer(
        int level,
        Outcome outcome,
        long ttftNanos,
        long[] gapNanos,
        int promptTokens,
        int outputTokens,
        int cachedTokens) {
    /** How a stream ended. */
    enum Outcome {
        COMPLETE("complete"),
        /** No connection, or an error status: Gatling's list of errors names it. */
        NOT_BEGUN("not begun"),
        ERROR_EVENT("error event"),
        CUT("cut before [DONE]"),
        TIMED_OUT("timed out"),
        NO_USAGE("without usage");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    boolean complete() {
        return outcome == Outcome.COMPLETE;
    }

    /** The time of a token after the first: what came after the first event, shared among all tokens but one. */
    long meanGapNanos() {
        return Arrays.stream(gapNanos).sum() / Math.max(1, outputTokens - 1);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Answer(var l, var o, var t, var g, var p, var out, var c)
                && level == l
                && outcome == o
                && ttftNanos == t
                && Arrays.equals(gapNanos, g)
                && promptTokens == p
                && outputTokens == out
                && cachedTokens == c;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(ttftNanos) * 31 + Arrays.hashCode(gapNanos);
    }
}
