package dev.conch.generation;

import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be answered as asked. The message is written for the client: it names the field and the limit, and never a
 * class, a host or another system's words. What only the operator may know goes into the cause.
 */
public final class GenerationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String param;

    public GenerationException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    public GenerationException(ErrorCode code, String message, @Nullable String param) {
        this(code, message, param, null);
    }

    public GenerationException(ErrorCode code, String message, @Nullable String param, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.param = param;
    }

    public ErrorCode code() {
        return code;
    }

    /** The request's field at fault, as a path such as {@code messages[2].content}; null if no single field is. */
    public @Nullable String param() {
        return param;
    }

    /** The message, which is never absent. */
    public String clientMessage() {
        return String.valueOf(getMessage());
    }

    /** The stack of a user's mistake tells nobody anything and costs more than answering it. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
