package dev.conch.response;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.openai.ChatCompletionChunk;
import dev.conch.openai.ChatCompletionChunk.Choice;
import dev.conch.openai.ChatCompletionChunk.Delta;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds events into the chunks of a streamed answer. Not thread-safe. */
public final class ChunkAssembler implements AnswerFold {
    private static final Delta FIRST = new Delta("assistant", "");

    private final EventStream stream;
    private final boolean includeUsage;
    private final UsageTally tally;
    private final BitSet begun = new BitSet();

    public ChunkAssembler(AnswerHead head, boolean includeUsage, EventStream stream) {
        this.stream = stream;
        this.includeUsage = includeUsage;
        this.tally = new UsageTally(head);
    }

    @Override
    public void accept(OutputEvent event) {
        begin(event.choice());
        switch (event) {
            case TextDelta text -> send(text.choice(), new Delta(null, text.text()));
            case Finished finished -> finish(finished);
            case ReasoningDelta _, ToolCallStarted _, ToolCallArguments _ ->
                throw new IllegalStateException("no parser of this server makes such events yet: " + event);
        }
    }

    /** The role goes first and once: clients concatenate it. */
    private void begin(int choice) {
        if (!begun.get(choice)) {
            begun.set(choice);
            send(choice, FIRST);
        }
    }

    private void send(int choice, Delta delta) {
        stream.send(ChatCompletionChunk.of(new Choice(choice, delta, null)));
    }

    private void finish(Finished finished) {
        tally.add(finished);
        stream.send(ChatCompletionChunk.of(
                new Choice(finished.choice(), Delta.EMPTY, finished.reason().wireName())));
        if (tally.allFinished()) {
            if (includeUsage) {
                stream.send(new ChatCompletionChunk(List.of(), tally.usage()));
            }
            stream.complete();
        }
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
