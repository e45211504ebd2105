package dev.conch.chat.jinja;

/** The template itself refused the messages, by {@code raise_exception}. The message is the template's own and meant for the client. */
public final class TemplateRefusedException extends TemplateException {
    private static final long serialVersionUID = 1L;

    public TemplateRefusedException(String message) {
        super(message);
    }
}
