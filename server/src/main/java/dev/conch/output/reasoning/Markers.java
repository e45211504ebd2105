package dev.conch.output.reasoning;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts to look for in a text that comes in pieces. Immutable. */
final class Markers {
    private static final int NONE = -1;

    private final String[] texts;
    /** What all begin with, a rare character, so that most places need not be tried; {@link #NONE}: they do not begin alike. */
    private final int first;

    /** @param texts not empty strings, none of which begins with another */
    Markers(List<String> texts) {
        this.texts = texts.toArray(String[]::new);
        List<Character> begins =
                texts.stream().map(text -> text.charAt(0)).distinct().toList();
        first = begins.size() == 1 ? begins.getFirst() : NONE;
    }

    /** Where the first marker begins, or what may become one with more text; the text's length if there is neither. */
    int find(String text, int from) {
        int position = candidate(text, from);
        while (position < text.length() && at(text, position) == null && !mayBegin(text, position)) {
            position = candidate(text, position + 1);
        }
        return position;
    }

    private int candidate(String text, int from) {
        if (first == NONE) {
            return from;
        }
        int next = text.indexOf(first, from);
        return next < 0 ? text.length() : next;
    }

    /** The marker that is here; null if none is. */
    @Nullable String at(String text, int position) {
        for (String marker : texts) {
            if (text.startsWith(marker, position)) {
                return marker;
            }
        }
        return null;
    }

    /** Whether all of the text from here on is the beginning of a marker, and not the whole of it. */
    boolean mayBegin(String text, int position) {
        int length = text.length() - position;
        for (String marker : texts) {
            if (length < marker.length() && marker.regionMatches(0, text, position, length)) {
                return true;
            }
        }
        return false;
    }
}
