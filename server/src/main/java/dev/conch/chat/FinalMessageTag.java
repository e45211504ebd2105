package dev.conch.chat;

import dev.conch.chat.jinja.ClientText;
import dev.conch.chat.jinja.PythonSpace;
import dev.conch.chat.jinja.RenderedText;
import dev.conch.generation.TextSpan;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Marks where the text of the last message ends, so that a prompt can be cut there.
 *
 * <p>A template writes something after each message, such as the token that ends a turn. To have the model go on with a message, the
 * prompt must stop before that, and only the template knows where. So, as {@code transformers} does, a word is put at the end of the
 * message, the template renders, and all from that word on is dropped. The word ends with a space: if the template trimmed the message,
 * the space is gone, and then white space before the word goes too, as it would have without the word.
 *
 * <p>{@code transformers} uses the same word always. A client that knows it can put it into a message, or have the template put it
 * together from pieces, and so cut the prompt of an operator short. Here each rendering has a word of its own, with 64 random bits that
 * nobody outside can know, and no text of a client can contain it. Nothing of it is left in the prompt. It counts as a client's text, as
 * the message does that it belongs to, so cutting it off shortens the last part that the client wrote and moves no other.
 */
final class FinalMessageTag {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CONTENT = "content";
    private static final String TEXT = "text";

    private final String word =
            "CONTINUE_FINAL_MESSAGE_TAG_" + HexFormat.of().withUpperCase().toHexDigits(RANDOM.nextLong());

    /**
     * Puts the tag at the end of the last message.
     *
     * @param messages the last of them is replaced
     * @return the text that it was put after
     */
    String append(List<Map<String, ? extends @Nullable Object>> messages) {
        if (messages.isEmpty()) {
            throw new ContinuationException("There is no message to continue.");
        }
        Map<String, @Nullable Object> last = new LinkedHashMap<>(messages.getLast());
        String text = last.get(CONTENT) instanceof List<?> parts ? appendToPart(parts, last) : append(last, CONTENT);
        if (text == null) {
            throw new ContinuationException("The final message has no text to continue.");
        }
        messages.set(messages.size() - 1, last);
        return text;
    }

    /** Appends to the last part that has a text. */
    private @Nullable String appendToPart(List<?> parts, Map<String, @Nullable Object> message) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (parts.get(i) instanceof Map<?, ?> part && part.containsKey(TEXT)) {
                Map<String, @Nullable Object> tagged = new LinkedHashMap<>();
                part.forEach((name, value) -> tagged.put(String.valueOf(name), value));
                String text = append(tagged, TEXT);
                List<@Nullable Object> all = new ArrayList<>(parts);
                all.set(i, tagged);
                message.put(CONTENT, all);
                return text;
            }
        }
        return null;
    }

    private @Nullable String append(Map<String, @Nullable Object> owner, String field) {
        return switch (owner.get(field)) {
            case String text -> {
                owner.put(field, text + word + " ");
                yield text;
            }
            case ClientText client -> {
                owner.put(field, new ClientText(client.text() + word + " "));
                yield client.text();
            }
            case null, default -> null;
        };
    }

    /** The prompt up to the tag. */
    RenderedPrompt cut(RenderedText rendered, String finalText) {
        String text = rendered.text();
        int end = text.lastIndexOf(word);
        if (end < 0 || !text.contains(strip(finalText))) {
            throw new ContinuationException(
                    "The final message cannot be continued: the model's chat template does not show it as it is.");
        }
        if (!text.startsWith(" ", end + word.length())) {
            end = withoutTrailingSpace(text, end);
        }
        return upTo(end, rendered);
    }

    private static RenderedPrompt upTo(int end, RenderedText rendered) {
        List<TextSpan> spans = rendered.clientSpans().stream()
                .filter(span -> span.start() < end)
                .map(span -> new TextSpan(span.start(), Math.min(span.end(), end)))
                .toList();
        return new RenderedPrompt(rendered.text().substring(0, end), spans);
    }

    private static String strip(String text) {
        int end = withoutTrailingSpace(text, text.length());
        int start = 0;
        while (start < end && PythonSpace.is(text.charAt(start))) {
            start++;
        }
        return text.substring(start, end);
    }

    private static int withoutTrailingSpace(String text, int end) {
        int last = end;
        while (last > 0 && PythonSpace.is(text.charAt(last - 1))) {
            last--;
        }
        return last;
    }
}
