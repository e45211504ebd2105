package dev.conch.tokenizer;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Finds the places in one text where an added token may begin, by its first character. Most vocabularies have but one or two of those
 * ({@code <}), and the JDK finds a single character many times faster than a loop does. For one thread.
 */
final class AddedTokenSearch {
    private final char[] starts;
    private final BitSet startSet;
    private final String text;
    private final int to;
    /** For each of few first characters where it comes next; stale if that is before the place that is asked about. */
    private final int[] next;

    AddedTokenSearch(Starts starts, String text, int to) {
        this.starts = starts.few();
        this.startSet = starts.all();
        this.text = text;
        this.to = to;
        next = new int[this.starts.length];
        Arrays.fill(next, -1);
    }

    /**
     * First characters of tokens.
     *
     * @param few all of them, or none if there are too many to look for one by one
     */
    record Starts(char[] few, BitSet all) {
        private static final int FEW = 4;

        static Starts of(char[] characters) {
            BitSet all = new BitSet();
            for (char character : characters) {
                all.set(character);
            }
            return new Starts(characters.length <= FEW ? characters : new char[0], all);
        }
    }

    /** The next place from here on, or where the text ends. */
    int from(int position) {
        return starts.length == 0 ? scan(position) : nearest(position);
    }

    private int scan(int position) {
        int i = position;
        while (i < to && !startSet.get(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private int nearest(int position) {
        int nearest = to;
        for (int i = 0; i < starts.length; i++) {
            if (next[i] < position) {
                int found = text.indexOf(starts[i], position, to);
                next[i] = found < 0 ? to : found;
            }
            nearest = Math.min(nearest, next[i]);
        }
        return nearest;
    }
}
