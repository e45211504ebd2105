package dev.conch.tokenizer;

import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the longest of a set of tokens that begins at a place. Immutable. */
final class AddedTokenTrie {
    private final Node root;
    /** Characters that tokens begin with. */
    private final BitSet starts = new BitSet();

    private final boolean oneStart;

    AddedTokenTrie(Collection<AddedToken> tokens) {
        Builder builder = new Builder();
        tokens.stream().filter(token -> !token.content().isEmpty()).forEach(builder::add);
        root = builder.build();
        for (char character : root.characters) {
            starts.set(character);
        }
        oneStart = root.characters.length == 1;
    }

    boolean isEmpty() {
        return root.characters.length == 0;
    }

    /** The first place from here on where a token may begin; {@code to} or beyond if there is none. */
    int firstStart(String text, int from, int to) {
        if (oneStart) {
            int start = from < to ? text.indexOf(root.characters[0], from, to) : to;
            return start < 0 ? to : start;
        }
        int position = from;
        while (position < to && !starts.get(text.charAt(position))) {
            position++;
        }
        return position;
    }

    /**
     * Finds the longest token at a place.
     *
     * @param to where the text ends
     * @param literalStart a control token does not count if it reaches beyond this
     * @return null if no token begins here
     */
    @Nullable AddedToken longestMatch(String text, int position, int to, int literalStart) {
        AddedToken longest = null;
        Node node = root;
        for (int i = position; i < to; i++) {
            node = node.child(text.charAt(i));
            if (node == null) {
                break;
            }
            if (node.token != null && !(node.token.special() && i >= literalStart)) {
                longest = node.token;
            }
        }
        return longest;
    }

    /** A place in the trie; its children are sorted by character. */
    private record Node(
            char[] characters,
            List<Node> children,
            @Nullable AddedToken token) {
        @Nullable Node child(char character) {
            for (int i = 0; i < characters.length && characters[i] <= character; i++) {
                if (characters[i] == character) {
                    return children.get(i);
                }
            }
            return null;
        }
    }

    private static final class Builder {
        private final Map<Character, Builder> children = new TreeMap<>();
        private @Nullable AddedToken token;

        void add(AddedToken added) {
            Builder builder = this;
            for (int i = 0; i < added.content().length(); i++) {
                builder = builder.children.computeIfAbsent(added.content().charAt(i), _ -> new Builder());
            }
            builder.token = added;
        }

        Node build() {
            char[] characters = new char[children.size()];
            int i = 0;
            for (char character : children.keySet()) {
                characters[i++] = character;
            }
            return new Node(
                    characters, children.values().stream().map(Builder::build).toList(), token);
        }
    }
}
