package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@code tokenizer.json} reduced to what encodes the text between added tokens: nothing in it adds, pads or truncates, and no text can
 * lead it to a control token.
 *
 * <p>For the latter it does not suffice to drop the added tokens, because most files list them among the words of the model as well,
 * and all kinds of models but plain BPE look up whole words: a Unigram model even gives {@code </s>} the best score there is. So these
 * words get another name here, drawn by chance when the file is loaded; their ids stay. In BPE a name of several characters is out of
 * reach then, unless merges lead to it; such a file is refused.
 *
 * <p>The tree belongs to this object; whoever uses it leaves it as it is.
 *
 * @param json the whole tree
 * @param alone whether text goes straight to the model, so that no added token is left that anybody would have to look for
 */
record TextModelJson(JsonObject json, boolean alone) {

    /**
     * Turns a file into its text model. The tree is changed.
     *
     * @param split added tokens that are cut out of the text before
     * @param normalized whether the text comes normalized
     * @throws TokenizerFormatException if plain text can lead to a control token
     */
    static TextModelJson isolate(JsonObject json, List<AddedToken> split, boolean normalized) {
        json.add("truncation", JsonNull.INSTANCE);
        json.add("padding", JsonNull.INSTANCE);
        json.add("post_processor", JsonNull.INSTANCE);
        if (normalized) {
            json.add("normalizer", JsonNull.INSTANCE);
        }
        JsonObject model = JsonParts.require(json, "model").getAsJsonObject();
        boolean alone = split.size() == JsonParts.array(json, "added_tokens").size();
        json.add("added_tokens", alone ? new JsonArray() : unmatchable(json, split, model));
        ModelWords.of(model).rename(secretNames(split));
        return new TextModelJson(json, alone);
    }

    private static Map<String, String> secretNames(List<AddedToken> split) {
        String secret = secret();
        Map<String, String> names = new HashMap<>();
        split.stream()
                .filter(AddedToken::special)
                .forEach(token -> names.put(token.content(), secret + "-" + token.id()));
        return names;
    }

    /** Printable ASCII, which every way of spelling a vocabulary can bear. */
    private static String secret() {
        return "conch-" + new BigInteger(128, new SecureRandom()).toString(36);
    }

    /**
     * The library numbers added tokens itself: those that the model has no word for, in order. So these keep their places in the list,
     * under names that no text has.
     */
    private static JsonArray unmatchable(JsonObject json, List<AddedToken> split, JsonObject model) {
        Set<String> cutOut = split.stream().map(AddedToken::content).collect(Collectors.toSet());
        ModelWords words = ModelWords.of(model);
        String secret = secret();
        JsonArray tokens = new JsonArray();
        for (JsonElement element : JsonParts.array(json, "added_tokens")) {
            AddedToken token = AddedToken.read(element.getAsJsonObject());
            if (!cutOut.contains(token.content())) {
                tokens.add(element);
            } else if (words.id(token.content()) == null) {
                tokens.add(placeholder(token.id(), secret + "-" + token.id()));
            }
        }
        return tokens;
    }

    private static JsonObject placeholder(int id, String content) {
        JsonObject token = new JsonObject();
        token.addProperty("id", id);
        token.addProperty("content", content);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
            token.addProperty(flag, false);
        }
        return token;
    }

    /** The file for a text that begins here. */
    String atStart() {
        return json.toString();
    }

    /** The file for a text that goes on here; null if that makes no difference. */
    @Nullable String elsewhere() {
        if (!distinguishesStart(json)) {
            return null;
        }
        JsonObject other = new JsonObject();
        json.asMap().forEach(other::add);
        JsonElement preTokenizer = json.get("pre_tokenizer").deepCopy();
        other.add("pre_tokenizer", preTokenizer);
        JsonParts.preTokenizers(other).stream()
                .filter(TextModelJson::prependsFirst)
                .forEach(metaspace -> {
                    metaspace.addProperty("prepend_scheme", "never");
                    metaspace.addProperty("add_prefix_space", false);
                });
        return other.toString();
    }

    /** Whether a text is pre-tokenized differently if another stretch of text is before it. All else looks at one stretch alone. */
    static boolean distinguishesStart(JsonObject file) {
        return JsonParts.preTokenizers(file).stream().anyMatch(TextModelJson::prependsFirst);
    }

    private static boolean prependsFirst(JsonObject preTokenizer) {
        JsonElement scheme = preTokenizer.get("prepend_scheme");
        return scheme != null && scheme.getAsString().equals("first");
    }
}
