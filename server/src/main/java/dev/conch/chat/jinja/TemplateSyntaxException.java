package dev.conch.chat.jinja;

/** A template cannot be compiled: it is not Jinja, or uses a part of Jinja that is not supported. The message is for the operator. */
public final class TemplateSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;

    public TemplateSyntaxException(String message, int line) {
        super("line " + line + ": " + message);
        this.line = line;
    }

    /** Where, counted from 1. */
    public int line() {
        return line;
    }
}
