package dev.conch.response;

import dev.conch.generation.OutputEvent.Finished;
import dev.conch.openai.CompletionUsage;

/** Adds up what the choices of one answer cost. Not thread-safe. */
final class UsageTally {
    private final AnswerHead head;
    private int completionTokens;
    private int finishedChoices;

    UsageTally(AnswerHead head) {
        this.head = head;
    }

    void add(Finished finished) {
        completionTokens += finished.completionTokens();
        finishedChoices++;
    }

    boolean allFinished() {
        return finishedChoices == head.choices();
    }

    CompletionUsage usage() {
        return new CompletionUsage(
                head.promptTokens(),
                completionTokens,
                head.promptTokens() + completionTokens,
                new CompletionUsage.PromptTokensDetails(0));
    }
}
