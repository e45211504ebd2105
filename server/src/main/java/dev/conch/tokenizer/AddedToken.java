package dev.conch.tokenizer;

import com.google.gson.JsonObject;

/**
 * A token that is cut out of the text before the model sees it, as the file's {@code added_tokens} lists it.
 *
 * @param special a control token: invisible when decoded, and never to be matched in what a client wrote
 * @param singleWord matches only where no word character touches it
 * @param lstrip takes the white space before it along
 * @param rstrip takes the white space after it along
 * @param normalized is looked for after the normalizer, and after all tokens that are not
 */
record AddedToken(
        int id,
        String content,
        boolean special,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized) {

    static AddedToken read(JsonObject json) {
        return new AddedToken(
                JsonParts.require(json, "id").getAsInt(),
                JsonParts.require(json, "content").getAsString(),
                flag(json, "special"),
                flag(json, "single_word"),
                flag(json, "lstrip"),
                flag(json, "rstrip"),
                flag(json, "normalized"));
    }

    AddedToken withContent(String text) {
        return new AddedToken(id, text, special, singleWord, lstrip, rstrip, normalized);
    }

    private static boolean flag(JsonObject json, String name) {
        return json.has(name) && json.get(name).getAsBoolean();
    }
}
