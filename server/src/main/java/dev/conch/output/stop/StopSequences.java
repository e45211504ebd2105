package dev.conch.output.stop;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stop sequences of a request, made ready for matching. Immutable and thread-safe: the choices of a request share one.
 *
 * <p>An Aho-Corasick automaton (A. Aho, M. Corasick, "Efficient string matching", CACM 18(6), 1975). Its states are the beginnings of
 * the sequences. After any text it is in the state of the longest beginning that the text ends with, so the length of that beginning is
 * how much must be held back, and a state that ends with a whole sequence is a match. Each character costs amortised constant time,
 * whatever the text and the sequences are.
 */
public final class StopSequences {
    private final State root;

    private StopSequences(State root) {
        this.root = root;
    }

    /**
     * Compiles stop sequences.
     *
     * @param sequences well-formed texts (no unpaired surrogates), none of them empty
     * @throws IllegalArgumentException if one is empty, or begins or ends inside a character
     */
    public static StopSequences compile(List<String> sequences) {
        State root = new State(0, '\0', null);
        for (String sequence : sequences) {
            requireWholeCharacters(sequence);
            root.add(sequence);
        }
        linkFallbacks(root);
        return new StopSequences(root);
    }

    /** Starts watching one text, from which a sequence that is found is cut off. */
    public StopMatcher newMatcher() {
        return newMatcher(Set.of());
    }

    /**
     * Starts watching one text.
     *
     * @param shown the sequences that stay in the text when they are found; what is behind them never does
     */
    public StopMatcher newMatcher(Set<String> shown) {
        return new StopMatcher(root, shown);
    }

    private static void requireWholeCharacters(String sequence) {
        if (sequence.isEmpty()
                || Character.isLowSurrogate(sequence.charAt(0))
                || Character.isHighSurrogate(sequence.charAt(sequence.length() - 1))) {
            throw new IllegalArgumentException(
                    "stop sequence: \"" + sequence + "\" (expected: one or more characters)");
        }
    }

    /** Breadth first, so that the states which are fallen back to are always linked already: they are nearer to the root. */
    private static void linkFallbacks(State root) {
        Queue<State> queue = new ArrayDeque<>();
        queue.add(root);
        while (!queue.isEmpty()) {
            State state = queue.remove();
            for (State child = state.firstChild; child != null; child = child.nextSibling) {
                child.fallBackTo(state == root ? root : state.fallback.next(child.character));
                queue.add(child);
            }
        }
    }

    /** A beginning of one or more sequences. Changed only while the automaton is built. */
    static final class State {
        /** Length of the beginning. */
        final int depth;

        private final char character;
        private final @Nullable State nextSibling;
        private @Nullable State firstChild;
        /** The longest shorter beginning that this one ends with; the root's is itself. */
        private State fallback = this;
        /** The longest sequence that this beginning ends with. */
        private @Nullable String match;

        private State(int depth, char character, @Nullable State nextSibling) {
            this.depth = depth;
            this.character = character;
            this.nextSibling = nextSibling;
        }

        @Nullable String match() {
            return match;
        }

        /** The state after one more character. */
        State next(char next) {
            State state = this;
            while (true) {
                State child = state.child(next);
                if (child != null) {
                    return child;
                }
                if (state.depth == 0) {
                    return state;
                }
                state = state.fallback;
            }
        }

        private @Nullable State child(char next) {
            State child = firstChild;
            while (child != null && child.character != next) {
                child = child.nextSibling;
            }
            return child;
        }

        private void add(String sequence) {
            State state = this;
            for (int i = 0; i < sequence.length(); i++) {
                char next = sequence.charAt(i);
                State child = state.child(next);
                if (child == null) {
                    child = new State(state.depth + 1, next, state.firstChild);
                    state.firstChild = child;
                }
                state = child;
            }
            state.match = sequence;
        }

        private void fallBackTo(State shorter) {
            fallback = shorter;
            if (match == null) {
                match = shorter.match;
            }
        }
    }
}
