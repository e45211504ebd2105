package dev.conch.response;

import dev.conch.generation.FinishReason;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import dev.conch.generation.TextLogprob;
import java.util.ArrayList;
import java.util.List;

/** All that was said of one choice. Not thread-safe. */
final class CollectedChoice {
    private final int index;
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> tokenIds = new ArrayList<>();
    private final List<TextLogprob> logprobs = new ArrayList<>();
    private FinishReason finishReason = FinishReason.STOP;

    CollectedChoice(int index) {
        this.index = index;
    }

    void add(TextDelta delta) {
        text.append(delta.text());
        add(delta.tokens());
    }

    void add(Finished finished) {
        finishReason = finished.reason();
        add(finished.tokens());
    }

    private void add(Tokens tokens) {
        tokenIds.addAll(tokens.ids());
        logprobs.addAll(tokens.logprobs());
    }

    int index() {
        return index;
    }

    String text() {
        return text.toString();
    }

    List<Integer> tokenIds() {
        return tokenIds;
    }

    List<TextLogprob> logprobs() {
        return logprobs;
    }

    String finishReason() {
        return finishReason.wireName();
    }
}
