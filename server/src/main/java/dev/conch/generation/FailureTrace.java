package dev.conch.generation;

import org.jspecify.annotations.Nullable;

/** Where a failure came from, for a log: the classes and the stacks of its causes without their messages, which may quote a prompt. */
public final class FailureTrace extends Throwable {
    private static final long serialVersionUID = 1L;
    /** Causes can go in a circle. */
    private static final int MAX_CAUSES = 16;

    private FailureTrace(Throwable failure, @Nullable FailureTrace cause) {
        super(failure.getClass().getName(), cause, false, true);
        setStackTrace(failure.getStackTrace());
    }

    /** The trace of a failure and its causes. */
    public static FailureTrace of(Throwable failure) {
        return of(failure, MAX_CAUSES);
    }

    private static FailureTrace of(Throwable failure, int causes) {
        Throwable cause = failure.getCause();
        return new FailureTrace(failure, cause == null || causes == 0 ? null : of(cause, causes - 1));
    }
}
