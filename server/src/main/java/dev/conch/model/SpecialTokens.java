package dev.conch.model;

import io.micronaut.json.tree.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a model's special tokens, by the names under which templates know them. {@code tokenizer_config.json} has them;
 * {@code special_tokens_map.json} fills in what is not there. A token is written as its text, or as an object with its text as
 * {@code content}.
 */
final class SpecialTokens {
    private static final String MAP = "special_tokens_map.json";
    private static final String EOS = "eos_token";

    private static final List<String> NAMES =
            List.of("bos_token", EOS, "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final String ADDITIONAL = "additional_special_tokens";

    private final Map<String, Object> tokens = new LinkedHashMap<>();

    private SpecialTokens() {}

    static SpecialTokens of(ModelFolder folder, JsonNode tokenizerConfig) throws IOException {
        var special = new SpecialTokens();
        special.add(folder.optionalJson(MAP));
        special.add(tokenizerConfig);
        return special;
    }

    /** What templates are given: texts, and a list of texts for the tokens that have no name. */
    Map<String, Object> variables() {
        return tokens;
    }

    @Nullable String endToken() {
        return tokens.get(EOS) instanceof String text ? text : null;
    }

    /** A later file wins over an earlier one, and a null in it takes the token away. */
    private void add(JsonNode file) {
        NAMES.forEach(name -> put(name, file.get(name), text(file.get(name))));
        put(ADDITIONAL, file.get(ADDITIONAL), texts(file.get(ADDITIONAL)));
    }

    private void put(String name, @Nullable JsonNode written, @Nullable Object value) {
        if (value != null) {
            tokens.put(name, value);
        } else if (written != null) {
            tokens.remove(name);
        }
    }

    private static @Nullable String text(@Nullable JsonNode token) {
        if (token == null || token.isNull()) {
            return null;
        }
        return token.isObject() ? text(token.get("content")) : token.coerceStringValue();
    }

    private static @Nullable List<String> texts(@Nullable JsonNode list) {
        if (list == null || !list.isArray()) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (JsonNode token : list.values()) {
            String text = text(token);
            if (text != null) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }
}
