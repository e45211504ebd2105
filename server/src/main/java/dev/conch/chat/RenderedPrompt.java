package dev.conch.chat;

import dev.conch.generation.TextSpan;
import java.util.List;

/**
 * A prompt as the model expects it, and which parts of it the client wrote: control tokens are never matched there, so that a message
 * cannot forge the end of a turn.
 *
 * @param text the whole prompt
 * @param clientSpans the client's parts, ascending and disjoint
 */
public record RenderedPrompt(String text, List<TextSpan> clientSpans) {

    public RenderedPrompt {
        clientSpans = List.copyOf(clientSpans);
    }
}
