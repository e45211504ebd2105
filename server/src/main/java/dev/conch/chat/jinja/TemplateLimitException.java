package dev.conch.chat.jinja;

/** A rendering went beyond one of its {@link RenderLimits}. */
public final class TemplateLimitException extends TemplateException {
    private static final long serialVersionUID = 1L;

    public TemplateLimitException(String what, long limit) {
        super(what + ": more than " + limit + " (expected: at most that many in one rendering)");
    }
}
