package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} of the Hugging Face {@code tokenizers} library, read and found to be of the kind that is supported: a BPE
 * model with a byte-level decoder (GPT-2, SmolLM, Llama 3, Qwen, DeepSeek, Mistral's tekken and their kin).
 *
 * @param tokens the token of each id; null where the numbering has a hole
 * @param splitTokens added tokens that are to be cut out of the text before anything else is done
 * @param textModel the same tokenizer without {@code splitTokens}, for the text between them
 */
record TokenizerFile(List<@Nullable String> tokens, List<AddedToken> splitTokens, String textModel) {
    private static final int MAX_TOKEN_ID = 1 << 24;

    /**
     * Reads and checks a file.
     *
     * @throws TokenizerFormatException if it is not JSON or not of the supported kind
     */
    static TokenizerFile read(Path file) throws IOException {
        try {
            return parse(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new TokenizerFormatException(file.getFileName() + ": not a tokenizer.json: " + e.getMessage());
        }
    }

    private static TokenizerFile parse(JsonObject json) {
        requireType(json, "model", "BPE");
        requireType(json, "decoder", "ByteLevel");
        List<AddedToken> added = addedTokens(json);
        boolean normalizes = isObject(json, "normalizer");
        List<AddedToken> splitTokens =
                added.stream().filter(token -> splits(token, normalizes)).toList();
        return new TokenizerFile(tokens(json, added), splitTokens, textModel(json, normalizes));
    }

    private static List<AddedToken> addedTokens(JsonObject json) {
        List<AddedToken> added = new ArrayList<>();
        if (json.has("added_tokens")) {
            json.get("added_tokens")
                    .getAsJsonArray()
                    .forEach(token -> added.add(AddedToken.read(token.getAsJsonObject())));
        }
        return added;
    }

    /** Without a normalizer the text that normalized tokens are looked for in is the text itself. */
    private static boolean splits(AddedToken token, boolean normalizes) {
        if (token.special() && token.normalized() && normalizes) {
            throw new TokenizerFormatException("added_tokens: " + token.content()
                    + " is special and normalized in a file with a normalizer (expected: \"normalized\": false)");
        }
        return !(token.normalized() && normalizes);
    }

    private static List<@Nullable String> tokens(JsonObject json, List<AddedToken> added) {
        List<@Nullable String> tokens = new ArrayList<>();
        JsonObject vocabulary =
                require(require(json, "model").getAsJsonObject(), "vocab").getAsJsonObject();
        vocabulary.entrySet().forEach(entry -> put(tokens, entry.getValue().getAsInt(), entry.getKey()));
        added.forEach(token -> put(tokens, token.id(), token.content()));
        return tokens;
    }

    private static void put(List<@Nullable String> tokens, int id, String token) {
        if (id < 0 || id > MAX_TOKEN_ID) {
            throw new TokenizerFormatException("id of " + token + ": " + id + " (expected: 0 to " + MAX_TOKEN_ID + ")");
        }
        while (tokens.size() <= id) {
            tokens.add(null);
        }
        tokens.set(id, token);
    }

    /** What truncates, pads or adds tokens goes too: a chat template has written all that belongs into the prompt. */
    private static String textModel(JsonObject json, boolean normalizes) {
        JsonObject copy = json.deepCopy();
        copy.add("truncation", JsonNull.INSTANCE);
        copy.add("padding", JsonNull.INSTANCE);
        copy.add("post_processor", JsonNull.INSTANCE);
        JsonArray kept = new JsonArray();
        if (normalizes && json.has("added_tokens")) {
            json.getAsJsonArray("added_tokens").asList().stream()
                    .filter(token -> AddedToken.read(token.getAsJsonObject()).normalized())
                    .forEach(kept::add);
        }
        copy.add("added_tokens", kept);
        return copy.toString();
    }

    /** A field that must be there. */
    static JsonElement require(JsonObject json, String field) {
        JsonElement value = json.get(field);
        if (value == null) {
            throw new JsonParseException(field + ": missing");
        }
        return value;
    }

    private static void requireType(JsonObject json, String part, String supported) {
        String type = isObject(json, part)
                ? require(json.getAsJsonObject(part), "type").getAsString()
                : "none";
        if (!type.equals(supported)) {
            throw new TokenizerFormatException(part + ": " + type + " (expected: " + supported + ")");
        }
    }

    private static boolean isObject(JsonObject json, String part) {
        return json.has(part) && json.get(part).isJsonObject();
    }
}
