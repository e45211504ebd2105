package dev.conch.generation;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One generation as the engine gets it, and the proof that validation is done: who holds one need not check anything again.
 *
 * @param id unique among running generations, begins with a letter; appears in the engine's own log
 * @param engineModel the model's name inside the engine
 * @param promptTokenIds the prompt; owned by this request, not to be changed after it was handed over
 * @param choices how many answers to generate from the prompt, at least 1; the n-th of them, counted from 0, samples with seed + n
 * @param topLogprobs how many alternatives to tell at each place, with all their logprobs; 0: the logprob of the sampled token alone;
 *     null: no logprobs
 * @param streaming whether tokens are wanted as they come, or all at once at the end
 * @param constraint what the text of every choice must look like; null: anything
 * @param trace the trace that the engine is told to continue; null: none
 */
public record GenerationRequest(
        String id,
        String engineModel,
        int[] promptTokenIds,
        SamplingParams sampling,
        StopConditions stop,
        int choices,
        @Nullable Integer topLogprobs,
        boolean streaming,
        @Nullable OutputConstraint constraint,
        @Nullable TraceContext trace) {

    /** A generation without a constraint that belongs to no trace. */
    public GenerationRequest(
            String id,
            String engineModel,
            int[] promptTokenIds,
            SamplingParams sampling,
            StopConditions stop,
            int choices,
            @Nullable Integer topLogprobs,
            boolean streaming) {
        this(id, engineModel, promptTokenIds, sampling, stop, choices, topLogprobs, streaming, null, null);
    }

    /** The same generation as part of a trace. */
    public GenerationRequest withTrace(@Nullable TraceContext trace) {
        return new GenerationRequest(
                id, engineModel, promptTokenIds, sampling, stop, choices, topLogprobs, streaming, constraint, trace);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GenerationRequest that
                && id.equals(that.id)
                && engineModel.equals(that.engineModel)
                && Arrays.equals(promptTokenIds, that.promptTokenIds)
                && sampling.equals(that.sampling)
                && stop.equals(that.stop)
                && choices == that.choices
                && Objects.equals(topLogprobs, that.topLogprobs)
                && streaming == that.streaming
                && Objects.equals(constraint, that.constraint)
                && Objects.equals(trace, that.trace);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /** Says how long the prompt is and not what is in it: prompts do not belong into logs. */
    @Override
    public String toString() {
        return "GenerationRequest[id=%s, engineModel=%s, promptTokens=%d, sampling=%s, stop=%s, choices=%d, topLogprobs=%s, streaming=%s]"
                .formatted(id, engineModel, promptTokenIds.length, sampling, stop, choices, topLogprobs, streaming);
    }
}
