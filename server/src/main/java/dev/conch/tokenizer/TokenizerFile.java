package dev.conch.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} of the Hugging Face {@code tokenizers} library, taken apart.
 *
 * @param tokens the token of each id; null where the numbering has a hole
 * @param splitTokens added tokens that are cut out of the text before the text model sees it
 * @param normalizer what the text between is put through before the last of them are looked for; null if the
 *     text model does that itself
 * @param decoder how tokens become text
 * @param bpe whether the model is BPE
 * @param frame what goes around a text; null if the file says that in a way that is not known here
 * @param textModel the same tokenizer without {@code splitTokens} and {@code normalizer}
 */
record TokenizerFile(
        List<@Nullable String> tokens,
        List<AddedToken> splitTokens,
        @Nullable PieceNormalizer normalizer,
        DecodeRules decoder,
        boolean bpe,
        @Nullable SpecialTokenFrame frame,
        TextModelJson textModel) {
    private static final int MAX_TOKEN_ID = 1 << 24;

    /**
     * Reads and checks a file.
     *
     * @throws TokenizerFormatException if it is not JSON, or asks for what cannot be done exactly
     */
    static TokenizerFile read(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            return parse(JsonParser.parseReader(reader).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NumberFormatException e) {
            throw new TokenizerFormatException(file.getFileName() + ": not a tokenizer.json: " + e.getMessage());
        }
    }

    private static TokenizerFile parse(JsonObject json) {
        List<AddedToken> added = addedTokens(json);
        requireLibrarysNumbers(json, added);
        List<@Nullable String> tokens = tokens(json, added);
        DecodeRules decoder = DecodeRules.read(json.get("decoder"));
        PieceNormalizer normalizer = PieceNormalizer.read(json, added);
        boolean libraryNormalizes = normalizer == null && JsonParts.normalizes(json);
        List<AddedToken> split = added.stream()
                .filter(token -> !(token.normalized() && libraryNormalizes))
                .toList();
        SpecialTokenFrame frame = SpecialTokenFrame.read(json.get("post_processor"));
        TextModelJson textModel = TextModelJson.isolate(json, split, normalizer != null);
        boolean bpe = json.getAsJsonObject("model").has("merges");
        return new TokenizerFile(tokens, split, normalizer, decoder, bpe, frame, textModel);
    }

    private static List<AddedToken> addedTokens(JsonObject json) {
        List<AddedToken> added = new ArrayList<>();
        for (JsonElement token : JsonParts.array(json, "added_tokens")) {
            added.add(AddedToken.read(token.getAsJsonObject()));
        }
        return added;
    }

    /** The library passes over the ids in the list: it takes the model's own, or the next one that is free behind them. */
    private static void requireLibrarysNumbers(JsonObject json, List<AddedToken> added) {
        ModelWords words = ModelWords.of(JsonParts.require(json, "model").getAsJsonObject());
        int next = words.size();
        for (AddedToken token : added) {
            Integer own = words.id(token.content());
            int id = own == null ? next : own;
            if (token.id() != id) {
                throw new TokenizerFormatException("added_tokens: " + token.content() + " has the id " + token.id()
                        + " (expected: " + id + ", which is what the Hugging Face library gives it)");
            }
            next = Math.max(next, id + 1);
        }
    }

    private static List<@Nullable String> tokens(JsonObject json, List<AddedToken> added) {
        List<@Nullable String> tokens = new ArrayList<>();
        JsonElement vocabulary =
                JsonParts.require(JsonParts.require(json, "model").getAsJsonObject(), "vocab");
        if (vocabulary.isJsonArray()) {
            vocabulary
                    .getAsJsonArray()
                    .forEach(piece -> tokens.add(piece.getAsJsonArray().get(0).getAsString()));
        } else {
            vocabulary.getAsJsonObject().asMap().forEach((token, id) -> put(tokens, id.getAsInt(), token));
        }
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
}
