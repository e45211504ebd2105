package dev.conch.response;

import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.openai.CompletionUsage;
import dev.conch.openai.CompletionUsage.CompletionTokensDetails;
import dev.conch.openai.CompletionUsage.PromptTokensDetails;

/** Adds up what the choices of one answer cost. Not thread-safe. */
final class UsageTally {
    private final int promptTokens;
    /** Tokens of the choices that go on. Only needed for a usage that is told before the end. */
    private final int[] running;

    private int cachedTokens;
    private int completionTokens;
    private int reasoningTokens;
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

    void add(OutputEvent event) {
        if (event instanceof Finished finished) {
            running[finished.choice()] = 0;
            completionTokens += finished.completionTokens();
            reasoningTokens += finished.reasoningTokens();
            unfinishedChoices--;
        } else {
            running[event.choice()] += event.tokens().ids().size();
        }
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
                new CompletionTokensDetails(reasoningTokens));
    }
}
