package dev.conch.output;

import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Knows which tokens a piece of text comes from, although text is held back and cut between decoding and emitting. A token goes with
 * the text that holds the last character it completed; one that completed none, because it is a part of a character or has no text,
 * goes with the next character.
 */
final class TokenTrail {
    private final boolean tracked;
    private final Queue<Step> steps = new ArrayDeque<>();
    private long decoded;
    private long emitted;

    TokenTrail(boolean tracked) {
        this.tracked = tracked;
    }

    /** A token was decoded to this many UTF-16 units. */
    void add(int id, @Nullable TokenLogprob logprob, int length) {
        if (tracked) {
            decoded += length;
            steps.add(new Step(id, logprob, length == 0 ? decoded + 1 : decoded));
        }
    }

    /** This many more UTF-16 units are emitted: which tokens do they complete? */
    Tokens take(int length) {
        if (!tracked) {
            return Tokens.NOT_TRACKED;
        }
        emitted += length;
        List<Integer> ids = new ArrayList<>();
        List<TokenLogprob> logprobs = new ArrayList<>();
        for (Step step = steps.peek(); step != null && step.end <= emitted; step = steps.peek()) {
            steps.remove();
            ids.add(step.id);
            if (step.logprob != null) {
                logprobs.add(step.logprob);
            }
        }
        return new Tokens(ids, logprobs);
    }

    /** A token, and how much of the text has to be out for the token to be. */
    private record Step(int id, @Nullable TokenLogprob logprob, long end) {}
}
