package dev.conch.response;

import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import java.util.List;
import java.util.stream.IntStream;

/** Folds events into the single answer. Not thread-safe. */
public final class CompletionCollector implements AnswerFold {
    private final AnswerHead head;
    private final AnswerForm form;
    private final UsageTally tally;
    private final List<CollectedChoice> choices;

    public CompletionCollector(AnswerHead head, AnswerForm form) {
        this.head = head;
        this.form = form;
        this.tally = new UsageTally(head);
        this.choices = IntStream.range(0, head.choices())
                .mapToObj(CollectedChoice::new)
                .toList();
    }

    @Override
    public void promptRead(int cachedTokens) {
        tally.promptRead(cachedTokens);
    }

    @Override
    public void discarded(int tokens) {
        tally.discarded(tokens);
    }

    @Override
    public void accept(OutputEvent event) {
        choices.get(event.choice()).add(event);
        tally.add(event);
    }

    @Override
    public void hide(OutputEvent event) {
        tally.add(event);
    }

    @Override
    public void fail(GenerationException error) {
        throw new IllegalStateException("a complete answer cannot fail", error);
    }

    @Override
    public boolean bodyReady() {
        return tally.allFinished();
    }

    @Override
    public Object body() {
        return AnswerSchema.of(head, form).body(choices, tally.usage());
    }
}
