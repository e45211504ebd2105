package dev.conch.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that the {@code post_processor} of a {@code tokenizer.json} puts around a single text. Immutable.
 *
 * @param before ids that go before the text, not to be changed
 * @param after ids that go behind it, likewise
 */
record SpecialTokenFrame(int[] before, int[] after) {
    private static final int[] NO_IDS = {};

    /**
     * Reads a post-processor.
     *
     * @return null if it is of a kind that is not known here
     */
    static @Nullable SpecialTokenFrame read(@Nullable JsonElement postProcessor) {
        SpecialTokenFrame frame = new SpecialTokenFrame(NO_IDS, NO_IDS);
        for (JsonObject part : JsonParts.flatten(postProcessor, "processors")) {
            SpecialTokenFrame inner = readOne(part);
            if (inner == null) {
                return null;
            }
            frame = new SpecialTokenFrame(join(inner.before, frame.before), join(frame.after, inner.after));
        }
        return frame;
    }

    private static @Nullable SpecialTokenFrame readOne(JsonObject part) {
        return switch (JsonParts.type(part)) {
            // it moves offsets, which nobody asks for
            case "ByteLevel" -> new SpecialTokenFrame(NO_IDS, NO_IDS);
            case "BertProcessing", "RobertaProcessing" ->
                new SpecialTokenFrame(ofPair(part, "cls"), ofPair(part, "sep"));
            case "TemplateProcessing" -> ofTemplate(part);
            default -> null;
        };
    }

    /** A token as a list of its text and its id. */
    private static int[] ofPair(JsonObject part, String name) {
        return new int[] {JsonParts.require(part, name).getAsJsonArray().get(1).getAsInt()};
    }

    private static @Nullable SpecialTokenFrame ofTemplate(JsonObject part) {
        JsonObject tokens = JsonParts.require(part, "special_tokens").getAsJsonObject();
        List<JsonElement> template =
                JsonParts.require(part, "single").getAsJsonArray().asList();
        int[] before = NO_IDS;
        int[] after = NO_IDS;
        boolean behind = false;
        for (JsonElement element : template) {
            JsonElement special = element.getAsJsonObject().get("SpecialToken");
            if (special == null && behind) {
                return null;
            } else if (special == null) {
                behind = true;
            } else if (behind) {
                after = join(after, ids(tokens, special));
            } else {
                before = join(before, ids(tokens, special));
            }
        }
        return behind ? new SpecialTokenFrame(before, after) : null;
    }

    private static int[] ids(JsonObject tokens, JsonElement special) {
        String name = JsonParts.require(special.getAsJsonObject(), "id").getAsString();
        JsonObject token = JsonParts.require(tokens, name).getAsJsonObject();
        return JsonParts.require(token, "ids").getAsJsonArray().asList().stream()
                .mapToInt(JsonElement::getAsInt)
                .toArray();
    }

    int[] around(int[] text) {
        return before.length + after.length == 0 ? text : join(join(before, text), after);
    }

    private static int[] join(int[] left, int[] right) {
        int[] joined = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, joined, left.length, right.length);
        return joined;
    }
}
