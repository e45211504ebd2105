package dev.conch.output.toolcall.scan;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts to look for, none of which is the beginning of another. Immutable, thread-safe.
 *
 * <p>A place is tried against each mark, which is cheap because hardly any place begins like one: most marks begin with the same rare
 * character.
 */
public final class Marks {
    private final List<String> marks;
    /** What all marks begin with; null if they do not begin alike. */
    private final @Nullable Character first;

    private Marks(List<String> marks) {
        this.marks = marks;
        char begin = marks.getFirst().charAt(0);
        this.first = marks.stream().allMatch(mark -> mark.charAt(0) == begin) ? begin : null;
    }

    /**
     * Makes ready to look for texts.
     *
     * @param marks empty ones are left out; at least one is not empty
     */
    public static Marks of(String... marks) {
        return new Marks(
                Arrays.stream(marks).filter(mark -> !mark.isEmpty()).distinct().toList());
    }

    /** These and another, which is not empty. */
    public Marks and(String mark) {
        return new Marks(Stream.concat(marks.stream(), Stream.of(mark)).toList());
    }

    /**
     * The first place from which a mark is, or where the text ends with the beginning of one.
     *
     * @param complete whether nothing comes behind the text, so that no beginning can become a mark
     * @return the text's length if there is no such place
     */
    int find(String text, int from, boolean complete) {
        for (int i = candidate(text, from); i < text.length(); i = candidate(text, i + 1)) {
            if (at(text, i) != null || (!complete && beginsAt(text, i))) {
                return i;
            }
        }
        return text.length();
    }

    /** The mark at a place; null if there is none. */
    @Nullable String at(String text, int place) {
        for (String mark : marks) {
            if (text.startsWith(mark, place)) {
                return mark;
            }
        }
        return null;
    }

    /** Whether more text could make the end of this one, from a place, a mark. */
    boolean beginsAt(String text, int place) {
        int length = text.length() - place;
        for (String mark : marks) {
            if (length < mark.length() && mark.regionMatches(0, text, place, length)) {
                return true;
            }
        }
        return false;
    }

    private int candidate(String text, int from) {
        if (first == null) {
            return from;
        }
        int next = text.indexOf(first, from);
        return next < 0 ? text.length() : next;
    }
}
