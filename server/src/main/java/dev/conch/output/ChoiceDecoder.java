package dev.conch.output;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.TokenLogprob;
import dev.conch.output.stop.StopMatcher;
import dev.conch.tokenizer.DecodeStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows one choice from its first token to its end: ids to characters, characters to the text before a stop, which becomes events. */
final class ChoiceDecoder {
    private final DecodeStream characters;
    private final StopMatcher stop;
    private final StopTokens stopTokens;
    private final @Nullable TokenTrail trail;
    private final ChoiceEvents events;
    /** UTF-16 units that have become certain and were not told yet. */
    private int untold;

    private int tokens;
    private boolean finished;

    /** @param trail null if nobody asks which tokens the text comes from */
    ChoiceDecoder(
            DecodeStream characters,
            StopMatcher stop,
            StopTokens stopTokens,
            @Nullable TokenTrail trail,
            ChoiceEvents events) {
        this.characters = characters;
        this.stop = stop;
        this.stopTokens = stopTokens;
        this.trail = trail;
        this.events = events;
    }

    boolean finished() {
        return finished;
    }

    /** Takes news of the choice. What comes after its end is ignored. */
    void accept(int[] tokenIds, List<TokenLogprob> logprobs, @Nullable FinishReason end) {
        for (int i = 0; i < tokenIds.length && !finished; i++) {
            append(tokenIds[i], logprobs.isEmpty() ? null : logprobs.get(i));
        }
        if (!finished && end != null) {
            finish(end);
        } else if (!finished) {
            tell();
        }
    }

    private void append(int id, @Nullable TokenLogprob logprob) {
        if (stopTokens.end(id)) {
            finish(FinishReason.STOP);
            return;
        }
        tokens++;
        boolean last = stopTokens.stops(id, tokens);
        if (!last || stopTokens.shown()) {
            show(id, logprob);
        }
        if (last || stop.matched() != null) {
            finish(FinishReason.STOP);
        }
    }

    private void show(int id, @Nullable TokenLogprob logprob) {
        String decoded = decode(id);
        if (trail != null) {
            trail.add(id, logprob, decoded);
        }
        String certain = stop.accept(decoded, stopTokens.mayStop(tokens));
        untold += certain.length();
        events.token(certain);
    }

    private String decode(int id) {
        try {
            return characters.append(id);
        } catch (IndexOutOfBoundsException e) {
            throw new GenerationException(
                    ErrorCode.BAD_UPSTREAM_RESPONSE,
                    "The engine produced a token that the model does not have.",
                    null,
                    e);
        }
    }

    /** What was held back turns out not to be the beginning of a stop sequence, unless its last character completes one. */
    private void finish(FinishReason reason) {
        finished = true;
        String rest = stop.accept(characters.finish(), stopTokens.mayStop(tokens)) + stop.finish();
        boolean matched = stop.matched() != null;
        Tokens last = trail == null ? Tokens.NONE : trail.takeLast(untold + rest.length(), matched);
        events.finish(rest, last, matched ? FinishReason.STOP : reason, tokens);
    }

    private void tell() {
        events.flush(trail == null ? Tokens.NONE : trail.take(untold));
        untold = 0;
    }
}
