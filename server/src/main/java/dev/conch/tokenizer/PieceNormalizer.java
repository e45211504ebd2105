package dev.conch.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.conch.generation.TextSpan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The normalizer of the first generations of Llama ("put ▁ in front, replace blanks by ▁"), for files that look for control tokens in
 * normalized text ({@code "special": true, "normalized": true}). There {@code <s>} is searched for as {@code ▁<s>}, in each stretch
 * between two other tokens anew, so that whether {@code a<s>} has a control token depends on the blank that it lacks. To do that and
 * yet see no control token in what a client wrote, the normalizer has to be ours: it keeps account of where each character came from.
 *
 * <p>Immutable.
 */
final class PieceNormalizer {
    private final List<Step> steps;

    private PieceNormalizer(List<Step> steps) {
        this.steps = steps;
    }

    /** A change to the text; {@code pattern} is empty for one that puts its content in front. */
    private record Step(String pattern, String content) {}

    /**
     * The normalizer of a file, if control tokens are looked for in what it makes of the text.
     *
     * @throws TokenizerFormatException if it is of a kind that we cannot follow
     */
    static @Nullable PieceNormalizer read(JsonObject file, List<AddedToken> added) {
        List<JsonObject> normalizers = JsonParts.normalizers(file);
        AddedToken cause = added.stream()
                .filter(token -> token.special() && token.normalized())
                .findFirst()
                .orElse(null);
        if (cause == null || normalizers.isEmpty()) {
            return null;
        }
        if (TextModelJson.distinguishesStart(file)) {
            throw refusal(cause, "a pre_tokenizer that treats the beginning differently");
        }
        return new PieceNormalizer(
                normalizers.stream().map(part -> step(part, cause)).toList());
    }

    private static Step step(JsonObject part, AddedToken cause) {
        if (JsonParts.type(part).equals("Prepend")) {
            return new Step("", JsonParts.require(part, "prepend").getAsString());
        }
        JsonElement pattern = JsonParts.type(part).equals("Replace")
                ? part.getAsJsonObject("pattern").get("String")
                : null;
        if (pattern == null || pattern.getAsString().isEmpty()) {
            throw refusal(cause, "the normalizer " + JsonParts.type(part));
        }
        return new Step(
                pattern.getAsString(), JsonParts.require(part, "content").getAsString());
    }

    private static TokenizerFormatException refusal(AddedToken token, String obstacle) {
        return new TokenizerFormatException("added_tokens: " + token.content()
                + " is special and normalized in a file with " + obstacle + " (expected: \"normalized\": false)");
    }

    /** A token as it is looked for in normalized text. */
    AddedToken normalize(AddedToken token) {
        String content = token.content();
        Normalized normalized = normalize(content, 0, content.length(), List.of(new TextSpan(0, content.length())));
        if (token.special() && normalized.literal().isEmpty()) {
            throw refusal(token, "a normalizer that makes it of anything");
        }
        return token.withContent(normalized.text());
    }

    /**
     * Normalized text.
     *
     * @param literal where control tokens are not matched; what the normalizer wrote itself is not among it
     */
    record Normalized(String text, List<TextSpan> literal) {}

    /** Normalizes a part of a text. */
    Normalized normalize(String text, int from, int to, List<TextSpan> literal) {
        MarkedText marked = MarkedText.of(text, from, to, literal);
        for (Step step : steps) {
            marked = step.pattern().isEmpty() ? marked.prepend(step.content()) : marked.replace(step);
        }
        return new Normalized(marked.text.toString(), marked.spans());
    }

    /** Text that knows which of its characters were written outside. */
    private static final class MarkedText {
        private final StringBuilder text = new StringBuilder();
        private final BitSet literal = new BitSet();

        static MarkedText of(String text, int from, int to, List<TextSpan> literal) {
            var marked = new MarkedText();
            marked.text.append(text, from, to);
            for (int i = 0; i < literal.size() && literal.get(i).start() < to; i++) {
                TextSpan span = literal.get(i);
                int end = Math.max(Math.min(span.end(), to), from);
                marked.literal.set(Math.max(span.start(), from) - from, end - from);
            }
            return marked;
        }

        /** The library puts nothing in front of nothing. */
        MarkedText prepend(String content) {
            var longer = new MarkedText();
            longer.text.append(text.isEmpty() ? "" : content);
            longer.append(this, 0, text.length());
            return longer;
        }

        MarkedText replace(Step step) {
            var replaced = new MarkedText();
            int copied = 0;
            for (int at = text.indexOf(step.pattern()); at >= 0; at = text.indexOf(step.pattern(), copied)) {
                replaced.append(this, copied, at);
                replaced.text.append(step.content());
                copied = at + step.pattern().length();
            }
            replaced.append(this, copied, text.length());
            return replaced;
        }

        private void append(MarkedText other, int from, int to) {
            for (int i = from; i < to; i++) {
                literal.set(text.length(), other.literal.get(i));
                text.append(other.text.charAt(i));
            }
        }

        List<TextSpan> spans() {
            List<TextSpan> spans = new ArrayList<>();
            for (int start = literal.nextSetBit(0); start >= 0; ) {
                int end = literal.nextClearBit(start);
                spans.add(new TextSpan(start, end));
                start = literal.nextSetBit(end);
            }
            return spans;
        }
    }
}
