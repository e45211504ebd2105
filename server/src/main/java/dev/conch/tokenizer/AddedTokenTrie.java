package dev.conch.tokenizer;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the longest of a set of tokens that begins at a place. Immutable. */
final class AddedTokenTrie {
    private final Node root;
    private final AddedTokenSearch.Starts starts;

    AddedTokenTrie(Collection<AddedToken> tokens) {
        Builder builder = new Builder();
        tokens.stream().filter(token -> !token.content().isEmpty()).forEach(builder::add);
        root = builder.build();
        starts = AddedTokenSearch.Starts.of(root.characters);
    }

    boolean isEmpty() {
        return root.characters.length == 0;
    }

    /** First characters of the tokens. */
    AddedTokenSearch.Starts starts() {
        return starts;
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
