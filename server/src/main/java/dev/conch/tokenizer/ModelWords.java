package dev.conch.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.conch.tokenizer.JsonParts.Merge;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The vocabulary of the {@code model} of a {@code tokenizer.json}, in the tree itself. */
sealed interface ModelWords {

    /** Wraps a model's vocabulary: a list of words with scores (Unigram), or words with ids (all others). */
    static ModelWords of(JsonObject model) {
        JsonElement vocabulary = JsonParts.require(model, "vocab");
        return vocabulary.isJsonArray()
                ? Scored.of(vocabulary.getAsJsonArray())
                : new Numbered(model, vocabulary.getAsJsonObject());
    }

    /** Number of a word; null if there is no such word. */
    @Nullable Integer id(String word);

    int size();

    /**
     * Gives words other names. Ids stay.
     *
     * @param names new name of each word; words that are not there are passed over
     * @throws TokenizerFormatException if the model could still arrive at one of the words
     */
    void rename(Map<String, String> names);

    /** A Unigram model knows its unknown token by number. */
    record Scored(JsonArray vocabulary, Map<String, Integer> ids) implements ModelWords {
        static Scored of(JsonArray vocabulary) {
            Map<String, Integer> ids = new HashMap<>();
            vocabulary.forEach(entry -> ids.put(word(entry), ids.size()));
            return new Scored(vocabulary, ids);
        }

        @Override
        public @Nullable Integer id(String word) {
            return ids.get(word);
        }

        @Override
        public int size() {
            return vocabulary.size();
        }

        @Override
        public void rename(Map<String, String> names) {
            for (JsonElement entry : vocabulary) {
                String name = names.get(word(entry));
                if (name != null) {
                    entry.getAsJsonArray().set(0, new JsonPrimitive(name));
                }
            }
        }

        private static String word(JsonElement entry) {
            return entry.getAsJsonArray().get(0).getAsString();
        }
    }

    /** BPE, WordPiece, WordLevel. */
    record Numbered(JsonObject model, JsonObject vocabulary) implements ModelWords {
        @Override
        public @Nullable Integer id(String word) {
            JsonElement id = vocabulary.get(word);
            return id == null ? null : id.getAsInt();
        }

        @Override
        public int size() {
            return vocabulary.size();
        }

        @Override
        public void rename(Map<String, String> names) {
            Set<String> words = new HashSet<>(names.keySet());
            words.retainAll(vocabulary.keySet());
            requireUnreachable(words);
            for (String word : words) {
                vocabulary.addProperty(names.get(word), vocabulary.remove(word).getAsInt());
            }
            String unknown = names.get(text("unk_token"));
            if (unknown != null) {
                model.addProperty("unk_token", unknown);
            }
        }

        /** BPE puts words together of single characters, by merges. */
        private void requireUnreachable(Set<String> words) {
            if (!model.has("merges") || words.isEmpty()) {
                return;
            }
            words.stream().filter(this::isCharacter).forEach(Numbered::refuse);
            for (JsonElement merge : model.getAsJsonArray("merges")) {
                String merged = merged(merge);
                if (words.contains(merged)) {
                    refuse(merged);
                }
            }
        }

        private boolean isCharacter(String word) {
            String bare = withoutPrefix(word);
            String suffix = text("end_of_word_suffix");
            bare = bare.endsWith(suffix) ? bare.substring(0, bare.length() - suffix.length()) : bare;
            return bare.codePointCount(0, bare.length()) == 1;
        }

        private String merged(JsonElement merge) {
            Merge halves = Merge.of(merge);
            return halves.left() + withoutPrefix(halves.right());
        }

        private String withoutPrefix(String word) {
            String prefix = text("continuing_subword_prefix");
            return word.startsWith(prefix) ? word.substring(prefix.length()) : word;
        }

        private String text(String field) {
            JsonElement value = model.get(field);
            return value == null || value.isJsonNull() ? "" : value.getAsString();
        }

        private static void refuse(String word) {
            throw new TokenizerFormatException("added_tokens: the control token " + word
                    + " is also a word of the model (expected: reachable only as a control token)");
        }
    }
}
