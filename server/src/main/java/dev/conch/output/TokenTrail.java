package dev.conch.output;

import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.TextLogprob;
import dev.conch.generation.TextLogprob.Alternative;
import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenText;
import dev.conch.generation.TokenText.Characters;
import dev.conch.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Knows which tokens a piece of text comes from, although text is held back and cut between decoding and emitting. A token goes with
 * the text that holds the last character it completed; one that completed none, because it is a part of a character or has no text,
 * goes with the next character, or with the end. Where the text is cut off, a token of which any character is left stays, and the
 * tokens behind it go.
 */
final class TokenTrail {
    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final Queue<Step> steps = new ArrayDeque<>();
    /** Whether a token has been added that is a part of the text. */
    private boolean begun;
    /** UTF-16 units that were decoded. */
    private long decoded;
    /** Code points that were decoded. */
    private int decodedCharacters;
    /** UTF-16 units that are out. */
    private long emitted;

    TokenTrail(Tokenizer tokenizer, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
    }

    /** A token was decoded, and this is the text that became certain. */
    void add(int id, @Nullable TokenLogprob logprob, String text) {
        TokenText own = text(id);
        long start = decoded;
        int offset = decodedCharacters;
        decoded += text.length();
        decodedCharacters += text.codePointCount(0, text.length());
        // Text of tokens before may have become certain with this one, and goes before its own.
        if (own instanceof Characters(String characters, boolean hidden) && !hidden) {
            start = Math.max(start, decoded - characters.length());
            offset = Math.max(offset, decodedCharacters - characters.codePointCount(0, characters.length()));
        }
        TextLogprob shown = logprob == null ? null : shown(logprob, own, offset);
        begun |= !(own instanceof Characters control && control.hidden());
        steps.add(new Step(id, shown, start, text.isEmpty() ? decoded + 1 : decoded));
    }

    private TokenText text(int id) {
        return tokenizer.tokenText(id, !begun, skipSpecialTokens);
    }

    private TextLogprob shown(TokenLogprob logprob, TokenText own, int offset) {
        List<Alternative> alternatives = new ArrayList<>(logprob.alternatives().size());
        for (TokenLogprob.Alternative alternative : logprob.alternatives()) {
            // An engine's vocabulary may be padded with tokens that have no name.
            if (tokenizer.hasToken(alternative.tokenId())) {
                alternatives.add(new Alternative(text(alternative.tokenId()), alternative.logprob()));
            }
        }
        return new TextLogprob(own, logprob.logprob(), alternatives, offset);
    }

    /** This many more UTF-16 units are emitted: which tokens do they complete? */
    Tokens take(int length) {
        emitted += length;
        var taken = new Taken();
        for (Step step = steps.peek(); step != null && step.end <= emitted; step = steps.peek()) {
            taken.add(steps.remove());
        }
        return taken.tokens();
    }

    /**
     * So many more UTF-16 units are the end of the text: which tokens are left?
     *
     * @param cut whether what was decoded behind them is not shown
     */
    Tokens takeLast(int length, boolean cut) {
        emitted += length;
        var taken = new Taken();
        steps.stream().filter(step -> !cut || step.start < emitted).forEach(taken::add);
        steps.clear();
        return taken.tokens();
    }

    /** A token, where its text begins, and how much of the text has to be out for the token to be. */
    private record Step(int id, @Nullable TextLogprob logprob, long start, long end) {}

    private static final class Taken {
        private final List<Integer> ids = new ArrayList<>();
        private final List<TextLogprob> logprobs = new ArrayList<>();

        void add(Step step) {
            ids.add(step.id);
            if (step.logprob != null) {
                logprobs.add(step.logprob);
            }
        }

        Tokens tokens() {
            return ids.isEmpty() ? Tokens.NONE : new Tokens(ids, logprobs);
        }
    }
}
