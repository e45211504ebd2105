package dev.conch.tokenizer;

import dev.conch.generation.TextSpan;
import dev.conch.tokenizer.PieceNormalizer.Normalized;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    private final @Nullable PieceNormalizer normalizer;

    /**
     * Prepares for a vocabulary.
     *
     * @param normalizer what text is put through before normalized tokens are looked for; null if through nothing
     */
    AddedTokenSplitter(List<AddedToken> tokens, @Nullable PieceNormalizer normalizer) {
        this.normalizer = normalizer;
        first = new AddedTokenTrie(
                tokens.stream().filter(token -> !token.normalized()).toList());
        second = new AddedTokenTrie(tokens.stream()
                .filter(AddedToken::normalized)
                .map(token -> normalizer == null ? token : normalizer.normalize(token))
                .toList());
    }

    /** Is told the parts of a text, from left to right. */
    interface Parts {
        void token(int id);

        /** A part without added tokens, never empty. */
        void text(String text, int from, int to);
    }

    /**
     * Splits a text.
     *
     * @param literal where no control token is matched, ascending and disjoint
     */
    void split(String text, List<TextSpan> literal, Parts parts) {
        Parts between = second.isEmpty() ? parts : new SecondPass(literal, parts);
        new Pass(first, text, 0, text.length(), literal, between).run();
    }

    /** Looks for normalized tokens in the text between the others. */
    private final class SecondPass implements Parts {
        private final Parts parts;
        /** The spans that do not end before the part that comes next. */
        private List<TextSpan> literal;

        SecondPass(List<TextSpan> literal, Parts parts) {
            this.literal = literal;
            this.parts = parts;
        }

        @Override
        public void token(int id) {
            parts.token(id);
        }

        @Override
        public void text(String text, int from, int to) {
            while (!literal.isEmpty() && literal.getFirst().end() <= from) {
                literal = literal.subList(1, literal.size());
            }
            if (normalizer == null) {
                new Pass(second, text, from, to, literal, parts).run();
            } else {
                Normalized part = normalizer.normalize(text, from, to, literal);
                new Pass(second, part.text(), 0, part.text().length(), part.literal(), parts).run();
            }
        }
    }

    /** One walk over a part of the text. */
    private static final class Pass {
        private final AddedTokenTrie trie;
        private final AddedTokenSearch search;
        private final String text;
        private final int from;
        private final int to;
        private final List<TextSpan> literal;
        private final Parts parts;
        private int nextLiteral;
        /** End of the last part that was cut. */
        private int cut;

        Pass(AddedTokenTrie trie, String text, int from, int to, List<TextSpan> literal, Parts parts) {
            this.trie = trie;
            this.text = text;
            this.from = from;
            this.to = to;
            this.literal = literal;
            this.parts = parts;
            search = new AddedTokenSearch(trie.starts(), text, to);
        }

        void run() {
            cut = from;
            for (int position = search.from(from); position < to; position = search.from(position)) {
                AddedToken token = trie.longestMatch(text, position, to, literalStartAfter(position));
                position = token == null ? position + 1 : take(token, position);
            }
            addText(to);
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
        private int take(AddedToken token, int start) {
            int end = start + token.content().length();
            if (token.singleWord() && !standsAlone(start, end)) {
                return end;
            }
            int before = token.lstrip() ? WhiteSpace.startBefore(text, start, cut) : start;
            int after = token.rstrip() ? WhiteSpace.endAfter(text, end, to) : end;
            addText(before);
            parts.token(token.id());
            cut = after;
            return after;
        }

        private boolean standsAlone(int start, int end) {
            return (start == from || !isWordCharacter(text.codePointBefore(start)))
                    && (end == to || !isWordCharacter(text.codePointAt(end)));
        }

        private void addText(int end) {
            if (cut < end) {
                parts.text(text, cut, end);
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
