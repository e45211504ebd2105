package dev.conch.output;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TokenLogprob;
import dev.conch.output.stop.StopSequences;
import dev.conch.tokenizer.DecodeStream;
import dev.conch.tokenizer.Tokenizer;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the engine's news of one request into events. For each choice there is any amount of text, reasoning and calls, never empty,
 * never half a character and never a part of a stop sequence, and then exactly one {@link OutputEvent.Finished}.
 *
 * <p>A choice ends with the first of: an end token (which is neither shown nor counted), a stop token or a stop sequence of the caller's
 * (counted, and cut off together with what follows, unless the answer is to include it), the engine's own end. Before the least number
 * of tokens has been generated, no stop of the caller's ends it, as in vLLM. Whatever the engine says of a choice after its end is
 * ignored.
 *
 * <p>Not thread-safe: belongs to the request's event loop.
 */
public final class OutputDecoder {
    private final List<ChoiceDecoder> choices;

    /**
     * Prepares for the first token.
     *
     * @param firstChoice what the events call the first of the choices
     * @param choices how many choices the request has, at least 1
     * @param format how the text is taken apart
     * @param sink is told the events, in order, within the call that brought them about
     */
    public OutputDecoder(
            int firstChoice,
            int choices,
            Tokenizer tokenizer,
            StopConditions stop,
            TextForm form,
            AnswerFormat format,
            Consumer<OutputEvent> sink) {
        StopSequences sequences =
                StopSequences.compile(Stream.concat(stop.stopSequences().stream(), stop.endSequences().stream())
                        .distinct()
                        .toList());
        Set<String> shown = stop.includeStop() ? Set.copyOf(stop.stopSequences()) : Set.of();
        StopTokens stopTokens = new StopTokens(stop);
        this.choices = IntStream.range(firstChoice, firstChoice + choices)
                .mapToObj(choice -> new ChoiceDecoder(
                        decodeStream(tokenizer, form, format),
                        sequences.newMatcher(shown),
                        stopTokens,
                        form.trackTokens() ? new TokenTrail(tokenizer, form.skipSpecialTokens()) : null,
                        new ChoiceEvents(choice, format, sink)))
                .toList();
    }

    private static DecodeStream decodeStream(Tokenizer tokenizer, TextForm form, AnswerFormat format) {
        if (!form.skipSpecialTokens()) {
            return form.spacesBetweenSpecialTokens()
                    ? new SpacedDecodeStream(tokenizer)
                    : tokenizer.decodeStream(false);
        }
        return format.shownTokens().isEmpty()
                ? tokenizer.decodeStream(true)
                : new MarkerDecodeStream(tokenizer, format.shownTokens());
    }

    /**
     * Takes the engine's news of one choice.
     *
     * @param choice as the engine counts them, from 0
     * @param tokenIds new tokens, possibly none
     * @param logprobs one for each token, or empty
     * @param end why the engine ended the choice; null while it goes on
     * @throws GenerationException {@code BAD_UPSTREAM_RESPONSE} if there is no such choice or no such token
     */
    public void accept(int choice, int[] tokenIds, List<TokenLogprob> logprobs, @Nullable FinishReason end) {
        if (choice < 0 || choice >= choices.size()) {
            throw new GenerationException(
                    ErrorCode.BAD_UPSTREAM_RESPONSE, "The engine produced a choice that the request did not ask for.");
        }
        choices.get(choice).accept(tokenIds, logprobs, end);
    }

    /** Whether all choices are complete. If the engine still generates then, nobody will read it. */
    public boolean finished() {
        for (ChoiceDecoder choice : choices) {
            if (!choice.finished()) {
                return false;
            }
        }
        return true;
    }
}
