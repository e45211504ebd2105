package dev.conch.response;

import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.openai.CompletionUsage;
import dev.conch.openai.CompletionUsage.CompletionTokensDetails;
import dev.conch.openai.CompletionUsage.PromptTokensDetails;

/** Adds up what the choices of one answer cost. Not thread-safe. */
final class UsageTally {
    private final int promptTokens;
    private final int[] running;
    private int cachedTokens;
    private int completionTokens;
    private int unfinishedChoices;

    UsageTally(AnswerHead head) {
        promptTokens = head.promptTokens();
        unfinishedChoices = head.choices();
        running = new int[head.choices()];
    }

    void promptRead(int cached) {
        cachedTokens += cached;
    }

    void discarded(int tokens) {
        completionTokens += tokens;
    }

    /** Counts the tokens of a choice that goes on. Only needed for a usage that is told before the end. */
    void add(TextDelta text) {
        running[text.choice()] += text.tokens().ids().size();
    }

    void add(Finished finished) {
        running[finished.choice()] = 0;
        completionTokens += finished.completionTokens();
        unfinishedChoices--;
    }

    boolean allFinished() {
        return unfinishedChoices == 0;
    }

    /** The usage so far. */
    CompletionUsage usage() {
        int completion = completionTokens;
        for (int tokens : running) {
            completion += tokens;
        }
        return new CompletionUsage(
                promptTokens,
                completion,
                promptTokens + completion,
                new PromptTokensDetails(cachedTokens),
                new CompletionTokensDetails(0));
    }
}
