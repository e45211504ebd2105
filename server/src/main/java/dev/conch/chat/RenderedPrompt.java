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

    /**
     * The end of the prompt, of which no earlier message is a part: what the template wrote after the last message; or, if the prompt ends
     * with what the client wrote because that is to be continued, that and what the template wrote before it. Whatever opens the answer
     * stands there.
     */
    public String ending() {
        int span = clientSpans.size() - 1;
        int end = text.length();
        while (span >= 0 && end > 0 && clientSpans.get(span).end() == end) {
            end = clientSpans.get(span).start();
            span--;
        }
        return span < 0 ? text : text.substring(clientSpans.get(span).end());
    }
}
