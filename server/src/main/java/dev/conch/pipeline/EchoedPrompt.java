package dev.conch.pipeline;

import dev.conch.generation.OutputEvent;
import dev.conch.generation.OutputEvent.TextDelta;
import dev.conch.generation.OutputEvent.Tokens;
import java.util.BitSet;
import java.util.function.Consumer;

/** {@code echo}: the text of each choice begins with the prompt. Not thread-safe. */
final class EchoedPrompt implements Consumer<OutputEvent> {
    private final String prompt;
    private final Consumer<OutputEvent> sink;
    private final BitSet begun = new BitSet();

    /** @param prompt text of the prompt, not empty */
    EchoedPrompt(String prompt, Consumer<OutputEvent> sink) {
        this.prompt = prompt;
        this.sink = sink;
    }

    @Override
    public void accept(OutputEvent event) {
        if (!begun.get(event.choice())) {
            begun.set(event.choice());
            sink.accept(new TextDelta(event.choice(), prompt, Tokens.NONE));
        }
        sink.accept(event);
    }
}
