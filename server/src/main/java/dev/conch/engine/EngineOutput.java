package dev.conch.engine;

import dev.conch.generation.TokenLogprob;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * News of one choice: the tokens generated since the last news, exactly as sampled.
 *
 * @param choice which choice, counted from 0
 * @param tokenIds new token ids, possibly none; owned by the receiver
 * @param logprobs one for each token, or empty if the request did not ask for them
 * @param end why the choice ended; null while it goes on
 */
public record EngineOutput(
        int choice,
        int[] tokenIds,
        List<TokenLogprob> logprobs,
        @Nullable End end) {

    /** Why the engine stopped. */
    public enum End {
        /** An end token or one of the stop token sequences. */
        STOP,
        /** The token limit of the request, or the engine's context window. */
        LENGTH
    }

    public EngineOutput {
        logprobs = List.copyOf(logprobs);
    }

    /** Tokens while the choice goes on. */
    public static EngineOutput tokens(int choice, int... tokenIds) {
        return new EngineOutput(choice, tokenIds, List.of(), null);
    }

    /** The last tokens, possibly none. */
    public static EngineOutput last(int choice, End end, int... tokenIds) {
        return new EngineOutput(choice, tokenIds, List.of(), end);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EngineOutput that
                && choice == that.choice
                && Arrays.equals(tokenIds, that.tokenIds)
                && logprobs.equals(that.logprobs)
                && end == that.end;
    }

    @Override
    public int hashCode() {
        return 31 * choice + Arrays.hashCode(tokenIds);
    }

    @Override
    public String toString() {
        return "EngineOutput[choice=%d, tokens=%s, end=%s]".formatted(choice, Arrays.toString(tokenIds), end);
    }
}
