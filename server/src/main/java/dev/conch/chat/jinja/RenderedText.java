package dev.conch.chat.jinja;

import dev.conch.generation.TextSpan;
import java.util.List;

/**
 * What a template rendered.
 *
 * @param clientSpans the parts that come from {@link ClientText}, ascending, disjoint and not empty
 */
public record RenderedText(String text, List<TextSpan> clientSpans) {

    public RenderedText {
        clientSpans = List.copyOf(clientSpans);
    }
}
