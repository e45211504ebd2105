package dev.conch.chat.jinja;

/** A rendering went beyond one of its {@link RenderLimits}. */
public final class TemplateLimitException extends TemplateException {
    private static final long serialVersionUID = 1L;

    private final String limit;

    public TemplateLimitException(String what, long limit) {
        super(what + ": more than " + limit + " (expected: at most that many in one rendering)");
        this.limit = limit + " " + what;
    }

    /** The limit in words, such as {@code 1000000 steps}. */
    public String limit() {
        return limit;
    }
}
