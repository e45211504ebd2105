package dev.conch.response;

import dev.conch.generation.GenerationException;
import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.Finished;
import dev.conch.generation.OutputEvent.ReasoningDelta;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.ToolCallArguments;
import dev.conch.generation.OutputEvent.ToolCallStarted;
import dev.conch.openai.ChatCompletion;
import dev.conch.openai.ChatCompletion.Choice;
import dev.conch.openai.ChatCompletion.Message;
import java.util.List;
import java.util.stream.Stream;

/** Folds events into the single answer. Not thread-safe. */
public final class CompletionCollector implements AnswerFold {
    private final AnswerHead head;
    private final UsageTally tally;
    private final List<StringBuilder> texts;
    private final Choice[] choices;

    public CompletionCollector(AnswerHead head) {
        this.head = head;
        this.tally = new UsageTally(head);
        this.texts = Stream.generate(StringBuilder::new).limit(head.choices()).toList();
        this.choices = new Choice[head.choices()];
    }

    @Override
    public void accept(OutputEvent event) {
        switch (event) {
            case TextDelta text -> texts.get(text.choice()).append(text.text());
            case Finished finished -> finish(finished);
            case ReasoningDelta _, ToolCallStarted _, ToolCallArguments _ ->
                throw new IllegalStateException("no parser of this server makes such events yet: " + event);
        }
    }

    private void finish(Finished finished) {
        tally.add(finished);
        int index = finished.choice();
        var message = new Message("assistant", texts.get(index).toString(), null);
        choices[index] = new Choice(index, message, null, finished.reason().wireName());
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
    public ChatCompletion body() {
        return new ChatCompletion(
                head.id(), ChatCompletion.OBJECT, head.created(), head.model(), List.of(choices), tally.usage());
    }
}
