package dev.conch.chat;

/** The last message cannot be continued: it has no text, or the template does not show it. The message is meant for the client. */
public final class ContinuationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ContinuationException(String message) {
        super(message);
    }

    /** A user's mistake, which has nothing to do with the Java code that found it. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
