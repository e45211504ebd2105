package dev.conch.http.request;

/**
 * What an operator lets requests ask for.
 *
 * @param strict whether a field that nobody defined is refused; otherwise it is ignored, counted and named
 * @param maxChoices most choices for one prompt, at least 1
 * @param maxStopSequences most elements of {@code stop}, at least 1
 */
public record RequestLimits(boolean strict, int maxChoices, int maxStopSequences) {
    /** As the configuration has it by default. */
    public static final RequestLimits DEFAULT = new RequestLimits(false, 16, 4);
}
