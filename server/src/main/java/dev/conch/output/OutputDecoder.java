package dev.conch.output;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.FinishReason;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.StopConditions;
import dev.conch.generation.TokenLogprob;
import dev.conch.output.stop.StopSequences;
import dev.conch.tokenizer.DecodeStream;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the engine's news of one request into events. For each choice there is any amount of text, never empty, never half a character
 * and never a part of a stop sequence, and then exactly one {@link OutputEvent.Finished}.
 *
 * <p>A choice ends with the first of: an end token (which is neither shown nor counted), a stop sequence (cut off together with what
 * follows; its tokens are counted up to the one that completed it), the engine's own end. Whatever the engine says of a choice after
 * that is ignored.
 *
 * <p>Not thread-safe: belongs to the request's event loop.
 */
public final class OutputDecoder {
    private final List<ChoiceDecoder> choices;

    /**
     * Prepares for the first token.
     *
     * @param choices how many choices the request has, at least 1
     * @param decodeStreams gives each choice its own decoder
     * @param trackTokens whether events carry the ids and logprobs that their text was decoded from
     * @param sink is told the events, in order, within the call that brought them about
     */
    public OutputDecoder(
            int choices,
            Supplier<DecodeStream> decodeStreams,
            StopConditions stop,
            boolean trackTokens,
            Consumer<OutputEvent> sink) {
        StopSequences sequences = StopSequences.compile(stop.stopSequences());
        Set<Integer> endTokenIds = Set.copyOf(stop.endTokenIds());
        this.choices = IntStream.range(0, choices)
                .mapToObj(choice -> new ChoiceDecoder(
                        choice,
                        decodeStreams.get(),
                        sequences.newMatcher(),
                        endTokenIds,
                        new TokenTrail(trackTokens),
                        sink))
                .toList();
    }

    /**
     * Takes the engine's news of one choice.
     *
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
        return choices.stream().allMatch(ChoiceDecoder::finished);
    }
}
