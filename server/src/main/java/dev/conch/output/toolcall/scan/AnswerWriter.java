package dev.conch.output.toolcall.scan;

import dev.conch.output.parser.AnswerSink;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passes on an answer as it becomes certain what it is. Blanks and line breaks that are all there is before, between or behind calls are
 * layout and are left out; in an answer without calls, every character is text. What may turn out to be the beginning of a call waits.
 * Not thread-safe.
 */
public final class AnswerWriter {
    private @Nullable AnswerSink sink;
    /** Blanks since the beginning or the last call, if nothing else has come; then what may begin a call. */
    private final StringBuilder waiting = new StringBuilder();

    private boolean maybeCall;
    /** Whether text that is not blank has come since the beginning or the last call. */
    private boolean talking;

    private boolean called;
    private boolean inCall;

    void to(AnswerSink next) {
        sink = next;
    }

    /** Takes text that is part of no call, possibly empty. */
    public void text(String more) {
        talking = talking || maybeCall || !more.isBlank();
        maybeCall = false;
        if (!talking) {
            waiting.append(more);
        } else if (waiting.isEmpty()) {
            say(more);
        } else {
            waiting.append(more);
            release();
        }
    }

    /** Takes text that may be part of a call, possibly empty. */
    public void maybeCall(String more) {
        waiting.append(more);
        maybeCall = maybeCall || !more.isEmpty();
    }

    /** What may have been the beginning of a call, if anything, is text. */
    public void notACall() {
        if (maybeCall) {
            text("");
        }
    }

    /** What may have been the beginning of a call is no part of the answer. */
    public void leaveOut() {
        waiting.setLength(0);
        maybeCall = false;
    }

    /** Takes more of what the model thinks, possibly empty. */
    public void reasoning(String more) {
        if (!more.isEmpty()) {
            sink().reasoning(more);
        }
    }

    /** Whatever was waiting has become a call. */
    public void start(String name, @Nullable String id) {
        waiting.setLength(0);
        maybeCall = false;
        talking = false;
        called = true;
        inCall = true;
        sink().callStarted(name, id);
    }

    /** Takes more of the call's arguments, possibly empty. */
    public void arguments(String fragment) {
        if (!fragment.isEmpty()) {
            sink().callArguments(fragment);
        }
    }

    /** Ends the call, if there is one. */
    public void end(boolean wellFormed) {
        if (inCall) {
            inCall = false;
            sink().callEnded(wellFormed);
        }
    }

    /** @param unread what may have been layout of a call, had more come */
    void finish(String unread) {
        if (!inCall) {
            text(unread);
        }
        end(false);
        if (maybeCall || !called) {
            release();
        }
    }

    private void release() {
        String released = waiting.toString();
        waiting.setLength(0);
        say(released);
    }

    private void say(String text) {
        if (!text.isEmpty()) {
            sink().text(text);
        }
    }

    private AnswerSink sink() {
        return Objects.requireNonNull(sink);
    }
}
