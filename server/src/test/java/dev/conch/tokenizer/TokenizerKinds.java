package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Small tokenizers of the kinds that are not byte-level BPE, made of the words of a few texts. */
final class TokenizerKinds {
    private static final List<String> TEXTS =
            TokenizerTexts.texts(1, 150, List.of("<|end|>")).toList();

    private TokenizerKinds() {}

    /** As T5 and XLM-R have it: control tokens are pieces with the best score of all. */
    static JsonObject unigram(String prependScheme) {
        Set<String> pieces = new LinkedHashSet<>(List.of("<pad>", "</s>", "<unk>", "▁"));
        characters().forEach(pieces::add);
        words().forEach(word -> pieces.add("▁" + word));
        words().forEach(pieces::add);
        JsonArray vocabulary = new JsonArray();
        for (String piece : pieces) {
            JsonArray scored = new JsonArray();
            scored.add(piece);
            scored.add(vocabulary.size() < 3 ? 0 : -1.0 - (piece.hashCode() & 0xFF) / 64.0 - 0.1 * piece.length());
            vocabulary.add(scored);
        }
        JsonObject model = object("{\"type\":\"Unigram\",\"unk_id\":2}");
        model.add("vocab", vocabulary);
        JsonObject metaspace =
                object("{\"type\":\"Metaspace\",\"replacement\":\"▁\",\"prepend_scheme\":\"%s\",\"split\":true}"
                        .formatted(prependScheme));
        JsonObject file = file(model, control("<pad>", 0), control("</s>", 1), control("<unk>", 2));
        file.add("normalizer", object("{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFKC\"}]}"));
        file.add("pre_tokenizer", metaspace);
        file.add("decoder", metaspace.deepCopy());
        return file;
    }

    /** As BERT has it. */
    static JsonObject wordPiece() {
        Set<String> words = new LinkedHashSet<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        characters().forEach(words::add);
        characters().forEach(character -> words.add("##" + character));
        words().forEach(words::add);
        words().forEach(word -> words.add("##" + word));
        JsonObject model =
                object("{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","
                        + "\"max_input_chars_per_word\":100}");
        model.add("vocab", numbered(words));
        JsonObject file = file(
                model,
                control("[PAD]", 0),
                control("[UNK]", 1),
                control("[CLS]", 2),
                control("[SEP]", 3),
                control("[MASK]", 4));
        file.add(
                "normalizer",
                object(
                        "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"strip_accents\":null,"
                                + "\"lowercase\":true}"));
        file.add("pre_tokenizer", object("{\"type\":\"WhitespaceSplit\"}"));
        file.add("decoder", object("{\"type\":\"WordPiece\",\"prefix\":\"##\",\"cleanup\":true}"));
        return file;
    }

    /** A vocabulary of the given tokens, for decoding. The first is a control token. */
    static JsonObject words(JsonElement decoder, String... tokens) {
        JsonObject model = object("{\"type\":\"WordLevel\",\"unk_token\":\"" + tokens[0] + "\"}");
        model.add("vocab", numbered(Arrays.asList(tokens)));
        JsonObject file = file(model, control(tokens[0], 0));
        file.add("decoder", decoder);
        return file;
    }

    static JsonObject object(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    static JsonObject control(String content, int id) {
        JsonObject token = object(
                "{\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":true}");
        token.addProperty("id", id);
        token.addProperty("content", content);
        return token;
    }

    private static JsonObject file(JsonObject model, JsonObject... added) {
        JsonObject file = object("{\"version\":\"1.0\"}");
        for (String part :
                List.of("truncation", "padding", "normalizer", "pre_tokenizer", "post_processor", "decoder")) {
            file.add(part, JsonNull.INSTANCE);
        }
        JsonArray tokens = new JsonArray();
        Arrays.asList(added).forEach(tokens::add);
        file.add("added_tokens", tokens);
        file.add("model", model);
        return file;
    }

    private static JsonObject numbered(Iterable<String> words) {
        JsonObject vocabulary = new JsonObject();
        words.forEach(word -> vocabulary.addProperty(word, vocabulary.size()));
        return vocabulary;
    }

    private static Set<String> characters() {
        return TEXTS.stream()
                .flatMapToInt(String::codePoints)
                .filter(character -> character > ' ' && character < 0x3000)
                .mapToObj(Character::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> words() {
        return TEXTS.stream()
                .flatMap(text -> Arrays.stream(text.split("[^\\p{L}]+")))
                .filter(word -> word.length() > 1)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
