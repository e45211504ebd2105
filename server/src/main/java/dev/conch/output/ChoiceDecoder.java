package dev.conch.output;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.TokenLogprob;
import dev.conch.output.stop.StopMatcher;
import dev.conch.tokenizer.DecodeStream;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows one choice from its first token to its {@link Finished}: ids to characters, characters to the text before a stop. */
final class ChoiceDecoder {
    private final int choice;
    private final DecodeStream characters;
    private final StopMatcher stop;
    private final Set<Integer> endTokenIds;
    private final TokenTrail trail;
    private final Consumer<OutputEvent> sink;
    private final StringBuilder text = new StringBuilder();
    private int tokens;
    private boolean finished;

    ChoiceDecoder(
            int choice,
            DecodeStream characters,
            StopMatcher stop,
            Set<Integer> endTokenIds,
            TokenTrail trail,
            Consumer<OutputEvent> sink) {
        this.choice = choice;
        this.characters = characters;
        this.stop = stop;
        this.endTokenIds = endTokenIds;
        this.trail = trail;
        this.sink = sink;
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
            emitText();
        }
    }

    private void append(int id, @Nullable TokenLogprob logprob) {
        if (endTokenIds.contains(id)) {
            finish(FinishReason.STOP);
            return;
        }
        tokens++;
        String decoded = decode(id);
        trail.add(id, logprob, decoded.length());
        text.append(stop.accept(decoded));
        if (stop.matched() != null) {
            finish(FinishReason.STOP);
        }
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
        text.append(stop.accept(characters.finish())).append(stop.finish());
        emitText();
        sink.accept(new Finished(choice, stop.matched() == null ? reason : FinishReason.STOP, tokens));
    }

    private void emitText() {
        if (!text.isEmpty()) {
            sink.accept(new TextDelta(choice, text.toString(), trail.take(text.length())));
            text.setLength(0);
        }
    }
}
