package dev.conch.chat.jinja;

/** A template failed while it was rendered, as Python's Jinja would have failed too. The message is for the operator. */
public class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message);
    }

    /** A template's failure has nothing to do with the Java code that found it. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    static TemplateException type(String message) {
        return new TemplateException("TypeError: " + message);
    }

    static TemplateException value(String message) {
        return new TemplateException("ValueError: " + message);
    }
}
