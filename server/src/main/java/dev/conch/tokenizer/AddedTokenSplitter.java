package dev.conch.tokenizer;

import dev.conch.generation.TextSpan;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts added tokens out of a text, as {@code AddedVocabulary} of the Hugging Face {@code tokenizers} library does: tokens that are not
 * normalized first, the others in what is left between those; the leftmost match wins, of those the longest; {@code lstrip} and
 * {@code rstrip} take white space along, {@code single_word} tokens count only where no word character touches them.
 *
 * <p>One rule is ours: where a control token would overlap literal text it is not there, and the search goes on one character later, so
 * that literal text can neither forge a control token nor swallow the genuine one behind it.
 *
 * <p>Linear in the length of the text (times the longest token). Immutable.
 */
final class AddedTokenSplitter {
    private final AddedTokenTrie first;
    private final AddedTokenTrie second;

    AddedTokenSplitter(List<AddedToken> tokens) {
        first = new AddedTokenTrie(
                tokens.stream().filter(token -> !token.normalized()).toList());
        second = new AddedTokenTrie(
                tokens.stream().filter(AddedToken::normalized).toList());
    }

    /** A part of the text: a token, or text if {@code token} is {@link #TEXT}; text pieces are never empty. */
    record Piece(int start, int end, int token) {
        static final int TEXT = -1;
    }

    /**
     * Splits a text into all of its parts, from left to right.
     *
     * @param literal where no control token is matched, ascending and disjoint
     */
    List<Piece> split(String text, List<TextSpan> literal) {
        List<Piece> pieces = new ArrayList<>();
        for (Piece piece : new Pass(first, text, literal).run(0, text.length())) {
            if (piece.token() == Piece.TEXT && !second.isEmpty()) {
                pieces.addAll(new Pass(second, text, literal).run(piece.start(), piece.end()));
            } else {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    /** One walk over a part of the text. */
    private static final class Pass {
        private final AddedTokenTrie trie;
        private final String text;
        private final List<TextSpan> literal;
        private final List<Piece> pieces = new ArrayList<>();
        private int nextLiteral;
        /** End of the last piece that was cut. */
        private int cut;

        Pass(AddedTokenTrie trie, String text, List<TextSpan> literal) {
            this.trie = trie;
            this.text = text;
            this.literal = literal;
        }

        List<Piece> run(int from, int to) {
            cut = from;
            int position = trie.firstStart(text, from, to);
            while (position < to) {
                AddedToken token = trie.longestMatch(text, position, to, literalStartAfter(position));
                position = trie.firstStart(text, token == null ? position + 1 : take(token, position, from, to), to);
            }
            addText(to);
            return pieces;
        }

        /** Where the next literal character from here on is. */
        private int literalStartAfter(int position) {
            while (nextLiteral < literal.size() && ends(literal.get(nextLiteral), position)) {
                nextLiteral++;
            }
            return nextLiteral == literal.size()
                    ? Integer.MAX_VALUE
                    : Math.max(position, literal.get(nextLiteral).start());
        }

        private static boolean ends(TextSpan span, int position) {
            return span.end() <= position || span.start() == span.end();
        }

        /** Cuts a token out and returns where the search goes on. */
        private int take(AddedToken token, int start, int from, int to) {
            int end = start + token.content().length();
            if (token.singleWord() && !standsAlone(start, end, from, to)) {
                return end;
            }
            int before = token.lstrip() ? WhiteSpace.startBefore(text, start, cut) : start;
            int after = token.rstrip() ? WhiteSpace.endAfter(text, end, to) : end;
            addText(before);
            pieces.add(new Piece(before, after, token.id()));
            cut = after;
            return after;
        }

        private boolean standsAlone(int start, int end, int from, int to) {
            return (start == from || !isWordCharacter(text.codePointBefore(start)))
                    && (end == to || !isWordCharacter(text.codePointAt(end)));
        }

        private void addText(int end) {
            if (cut < end) {
                pieces.add(new Piece(cut, end, Piece.TEXT));
            }
        }
    }

    /** Unicode's {@code \w} (UTS 18, annex C). */
    private static boolean isWordCharacter(int codePoint) {
        return Character.isAlphabetic(codePoint)
                || switch (Character.getType(codePoint)) {
                    case Character.NON_SPACING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.ENCLOSING_MARK,
                            Character.DECIMAL_DIGIT_NUMBER,
                            Character.CONNECTOR_PUNCTUATION -> true;
                    default -> codePoint == '\u200C' || codePoint == '\u200D';
                };
    }
}
