package dev.conch.tokenizer;

import dev.conch.tokenizer.CleanUp.Replacement;

/**
 * Replaces a text in what another stream decodes, from left to right and never twice. The end of the text that may be the beginning of
 * what is replaced is held back: as many characters as the Knuth-Morris-Pratt automaton has matched.
 */
final class ReplaceDecodeStream implements DecodeStream {
    private final DecodeStream inner;
    private final String pattern;
    private final String content;
    private final int[] fallback;
    private final StringBuilder text = new StringBuilder();
    private int matched;

    ReplaceDecodeStream(DecodeStream inner, Replacement replacement) {
        this.inner = inner;
        pattern = replacement.pattern();
        content = replacement.content();
        fallback = fallback(pattern);
    }

    /** For each number of matched characters, how many are still matched if the next one does not fit. */
    private static int[] fallback(String pattern) {
        int[] fallback = new int[pattern.length()];
        for (int i = 1; i + 1 < pattern.length(); i++) {
            int border = fallback[i];
            while (border > 0 && pattern.charAt(border) != pattern.charAt(i)) {
                border = fallback[border];
            }
            fallback[i + 1] = pattern.charAt(border) == pattern.charAt(i) ? border + 1 : 0;
        }
        return fallback;
    }

    @Override
    public String append(int tokenId) {
        return replaceIn(inner.append(tokenId));
    }

    @Override
    public String finish() {
        String last = replaceIn(inner.finish());
        String held = pattern.substring(0, matched);
        matched = 0;
        return last + held;
    }

    private String replaceIn(String piece) {
        if (matched == 0 && piece.indexOf(pattern.charAt(0)) < 0) {
            return piece;
        }
        text.setLength(0);
        for (int i = 0; i < piece.length(); i++) {
            accept(piece.charAt(i));
        }
        return text.toString();
    }

    private void accept(char next) {
        while (matched > 0 && pattern.charAt(matched) != next) {
            int still = fallback[matched];
            text.append(pattern, 0, matched - still);
            matched = still;
        }
        if (pattern.charAt(matched) != next) {
            text.append(next);
        } else if (++matched == pattern.length()) {
            text.append(content);
            matched = 0;
        }
    }
}
