package dev.conch.response;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.generation.TextLogprob;
import java.util.ArrayList;
import java.util.List;

/** All that was said of one choice. Not thread-safe. */
final class CollectedChoice {
    private final int index;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private final List<Integer> tokenIds = new ArrayList<>();
    private final List<TextLogprob> logprobs = new ArrayList<>();
    private FinishReason finishReason = FinishReason.STOP;

    CollectedChoice(int index) {
        this.index = index;
    }

    void add(OutputEvent event) {
        switch (event) {
            case TextDelta delta -> text.append(delta.text());
            case ReasoningDelta delta -> reasoning.append(delta.text());
            case ToolCallStarted call -> calls.add(new Call(call.id(), call.name(), new StringBuilder()));
            case ToolCallArguments more -> calls.get(more.call()).arguments.append(more.fragment());
            case Finished finished -> finishReason = finished.reason();
        }
        tokenIds.addAll(event.tokens().ids());
        logprobs.addAll(event.tokens().logprobs());
    }

    /** A call of a function, as far as it was made. */
    record Call(String id, String name, StringBuilder arguments) {}

    int index() {
        return index;
    }

    String text() {
        return text.toString();
    }

    String reasoning() {
        return reasoning.toString();
    }

    List<Call> calls() {
        return calls;
    }

    List<Integer> tokenIds() {
        return tokenIds;
    }

    List<TextLogprob> logprobs() {
        return logprobs;
    }

    FinishReason finishReason() {
        return finishReason;
    }
}
