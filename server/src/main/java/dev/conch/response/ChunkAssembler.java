package dev.conch.response;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.openai.CompletionUsage;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Folds events into the chunks of a streamed answer. Not thread-safe. */
public final class ChunkAssembler implements AnswerFold {
    private final AnswerForm form;
    private final EventStream stream;
    private final UsageTally tally;
    private final BitSet begun = new BitSet();

    public ChunkAssembler(AnswerHead head, AnswerForm form, EventStream stream) {
        this.form = form;
        this.stream = stream;
        this.tally = new UsageTally(head);
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
        begin(event.choice());
        tally.add(event);
        stream.send(new Chunk.News(event, usageSoFar()));
        if (tally.allFinished()) {
            complete();
        }
    }

    @Override
    public void hide(OutputEvent event) {
        tally.add(event);
    }

    /** A choice begins once, with the role: clients concatenate it. */
    private void begin(int choice) {
        if (!begun.get(choice)) {
            begun.set(choice);
            stream.send(new Chunk.Begin(choice, usageSoFar()));
        }
    }

    private @Nullable CompletionUsage usageSoFar() {
        return form.continuousUsage() ? tally.usage() : null;
    }

    private void complete() {
        if (form.includeUsage()) {
            stream.send(new Chunk.Total(tally.usage()));
        }
        stream.complete();
    }

    @Override
    public void fail(GenerationException error) {
        stream.fail(error);
    }

    @Override
    public Object body() {
        return stream;
    }

    @Override
    public @Nullable ErrorCode cut() {
        return stream.cut();
    }

    @Override
    public boolean bodyReady() {
        return !begun.isEmpty();
    }
}
