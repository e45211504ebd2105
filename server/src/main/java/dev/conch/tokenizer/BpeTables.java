package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.conch.tokenizer.JsonParts.Merge;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code model} of a byte-level BPE file as tables. Immutable.
 *
 * @param idOfByte id of each single byte, negative if the vocabulary lacks it
 * @param words all words that are encoded as one token
 */
record BpeTables(int[] idOfByte, MergeTable merges, WordTable words) {

    /**
     * Builds the tables.
     *
     * @throws TokenizerFormatException if the model has an option that is not supported
     */
    static BpeTables read(JsonObject model) {
        requireSupported(model);
        Map<String, Integer> ids = ids(JsonParts.require(model, "vocab").getAsJsonObject());
        int[] idOfByte = idOfByte(ids);
        if (isSet(model, "unk_token") && Arrays.stream(idOfByte).anyMatch(id -> id < 0)) {
            throw new TokenizerFormatException("model.unk_token: " + model.get("unk_token")
                    + " in a vocabulary that lacks bytes (expected: none, or all 256 bytes)");
        }
        MergeTable merges =
                merges(JsonParts.require(model, "merges").getAsJsonArray(), ids).withBytes(idOfByte);
        return new BpeTables(
                idOfByte,
                merges,
                words(ids, new WordMerger(merges, idOfByte), JsonParts.flag(model, "ignore_merges", false)));
    }

    private static void requireSupported(JsonObject model) {
        for (String option : List.of("dropout", "continuing_subword_prefix", "end_of_word_suffix")) {
            if (isSet(model, option)) {
                throw new TokenizerFormatException("model." + option + ": " + model.get(option) + " (expected: none)");
            }
        }
        if (JsonParts.flag(model, "byte_fallback", false)) {
            throw new TokenizerFormatException("model.byte_fallback: true (expected: false)");
        }
    }

    private static boolean isSet(JsonObject model, String option) {
        return !JsonParts.isNull(model.get(option))
                && !model.get(option).getAsString().isEmpty();
    }

    private static Map<String, Integer> ids(JsonObject vocabulary) {
        Map<String, Integer> ids = LinkedHashMap.newLinkedHashMap(vocabulary.size());
        for (Map.Entry<String, JsonElement> entry : vocabulary.entrySet()) {
            int id = entry.getValue().getAsInt();
            if (id < 0 || id >= MergeTable.ID_LIMIT) {
                throw new TokenizerFormatException("model.vocab: id of " + entry.getKey() + ": " + id
                        + " (expected: 0 to " + (MergeTable.ID_LIMIT - 1) + ")");
            }
            ids.put(entry.getKey(), id);
        }
        return ids;
    }

    private static int[] idOfByte(Map<String, Integer> ids) {
        int[] idOfByte = new int[256];
        Arrays.fill(idOfByte, -1);
        ids.forEach((token, id) -> {
            if (token.length() == 1 && ByteLevelAlphabet.spells(token)) {
                idOfByte[ByteLevelAlphabet.bytes(token)[0] & 0xFF] = id;
            }
        });
        return idOfByte;
    }

    private static MergeTable merges(JsonArray merges, Map<String, Integer> ids) {
        if (merges.size() > MergeTable.RANK_LIMIT) {
            throw new TokenizerFormatException(
                    "model.merges: " + merges.size() + " (expected: at most " + MergeTable.RANK_LIMIT + ")");
        }
        MergeTable table = new MergeTable(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            Merge merge = Merge.of(merges.get(rank));
            String left = merge.left();
            String right = merge.right();
            table.put(id(left, ids), id(right, ids), rank, id(left + right, ids));
        }
        return table;
    }

    private static int id(String token, Map<String, Integer> ids) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new TokenizerFormatException("model.merges: " + token + " (expected: a token of model.vocab)");
        }
        return id;
    }

    /**
     * Words that become one token: with {@code ignore_merges} all that the vocabulary has, otherwise those that their merges lead to,
     * which a few of them do not. Those that come first in the file are the frequent ones.
     */
    private static WordTable words(Map<String, Integer> ids, WordMerger merger, boolean ignoreMerges) {
        int shortCount = (int) ids.keySet().stream()
                .filter(token -> token.length() <= WordTable.SHORT)
                .count();
        WordTable words = new WordTable(shortCount, ids.size() - shortCount);
        ids.forEach((token, id) -> {
            if (!token.isEmpty() && ByteLevelAlphabet.spells(token)) {
                byte[] padded = Arrays.copyOf(ByteLevelAlphabet.bytes(token), token.length() + WordKey.PADDING);
                if (ignoreMerges || (merger.merge(padded, 0, token.length()) == 1 && merger.ids()[0] == id)) {
                    words.put(padded, token.length(), id);
                }
            }
        });
        return words;
    }
}
