package dev.conch.output.stop;

import dev.conch.output.stop.StopSequences.State;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches one text for stop sequences as it comes, and lets through what is certain to be before the first of them. No character of a
 * matched sequence ever gets out, unless it is to stay in the text.
 *
 * <p>The first sequence is the one that is complete first; of several that are complete with the same character, the longest. So the
 * answer depends on the text alone and not on how it was cut, and generation can end as soon as any sequence is there.
 *
 * <p>Not thread-safe. Give it whole characters.
 */
public final class StopMatcher {
    private State state;
    /** The end of the text so far that may be the beginning of a sequence: as many characters as the state is deep. */
    private String held = "";

    private final Set<String> shown;
    private @Nullable String matched;

    StopMatcher(State root, Set<String> shown) {
        state = root;
        this.shown = Set.copyOf(shown);
    }

    /** Takes more text, as {@link #accept(String, boolean)} does. */
    public String accept(String text) {
        return accept(text, true);
    }

    /**
     * Takes more text.
     *
     * @param mayMatch whether a sequence that is complete with this text counts; if not, it is text like any other
     * @return what is now certain to be before any stop sequence, possibly nothing; after a match always nothing
     */
    public String accept(String text, boolean mayMatch) {
        if (matched != null) {
            return "";
        }
        for (int i = 0; i < text.length(); i++) {
            state = state.next(text.charAt(i));
            String match = state.match();
            if (match != null && mayMatch) {
                matched = match;
                return release(text, held.length() + i + 1 - (shown.contains(match) ? 0 : match.length()));
            }
        }
        return release(text, held.length() + text.length() - state.depth);
    }

    /** Ends the text and returns what was held back: it has not become a stop sequence. Nothing after a match. */
    public String finish() {
        String rest = matched == null ? held : "";
        held = "";
        return rest;
    }

    /** The stop sequence that was found; null if none was. */
    public @Nullable String matched() {
        return matched;
    }

    /** Lets go of the first characters of what is held and the new text, and holds the rest. */
    private String release(String text, int length) {
        String all = held.isEmpty() ? text : held + text;
        held = all.substring(length);
        return all.substring(0, length);
    }
}
