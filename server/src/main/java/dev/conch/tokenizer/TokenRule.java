package dev.conch.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** A part of a decoder that looks at one token at a time. */
sealed interface TokenRule {

    /**
     * What becomes of a token.
     *
     * @param first whether it is the first of those that are shown
     */
    String apply(String token, boolean first);

    /** Whether {@code first} makes a difference. */
    default boolean positional() {
        return false;
    }

    /** Every occurrence of a text is another text. */
    record Replace(String pattern, String content) implements TokenRule {
        static Replace read(JsonObject part) {
            JsonElement pattern =
                    JsonParts.require(part, "pattern").getAsJsonObject().get("String");
            if (pattern == null || pattern.getAsString().isEmpty()) {
                throw new TokenizerFormatException("decoder: Replace by regular expression (expected: a text)");
            }
            return new Replace(
                    pattern.getAsString(), JsonParts.require(part, "content").getAsString());
        }

        @Override
        public String apply(String token, boolean first) {
            return token.replace(pattern, content);
        }
    }

    /** Up to {@code most} of the first characters go if they are all {@code character}. */
    record Strip(int character, int most) implements TokenRule {
        static Strip read(JsonObject part) {
            if (JsonParts.require(part, "stop").getAsInt() != 0) {
                throw new TokenizerFormatException("decoder: Strip at the end (expected: at the start only)");
            }
            return new Strip(
                    JsonParts.require(part, "content").getAsString().codePointAt(0),
                    JsonParts.require(part, "start").getAsInt());
        }

        @Override
        public String apply(String token, boolean first) {
            int cut = 0;
            for (int i = 0; i < most && cut < token.length() && token.codePointAt(cut) == character; i++) {
                cut += Character.charCount(character);
            }
            return token.substring(cut);
        }
    }

    /** SentencePiece's sign for a blank; where blanks are put before a text, those of the first token go. */
    record Metaspace(String sign, boolean dropsFirst) implements TokenRule {
        static Metaspace read(JsonObject part) {
            JsonElement scheme = part.get("prepend_scheme");
            JsonElement prefix = part.get("add_prefix_space");
            boolean never = (scheme != null && scheme.getAsString().equals("never"))
                    || (prefix != null && prefix.isJsonPrimitive() && !prefix.getAsBoolean());
            return new Metaspace(JsonParts.require(part, "replacement").getAsString(), !never);
        }

        @Override
        public String apply(String token, boolean first) {
            return token.replace(sign, first && dropsFirst ? "" : " ");
        }

        @Override
        public boolean positional() {
            return dropsFirst;
        }
    }

    /** Words have blanks between them, parts of words have a prefix. */
    record WordPiece(String prefix, boolean cleansUp) implements TokenRule {
        static WordPiece read(JsonObject part) {
            return new WordPiece(
                    JsonParts.require(part, "prefix").getAsString(),
                    JsonParts.require(part, "cleanup").getAsBoolean());
        }

        @Override
        public String apply(String token, boolean first) {
            String text = first ? token : joined(token);
            return cleansUp ? CleanUp.ofToken(text) : text;
        }

        private String joined(String token) {
            return token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
        }

        @Override
        public boolean positional() {
            return true;
        }
    }

    /** All tokens have blanks between them. */
    record Blanks() implements TokenRule {
        @Override
        public String apply(String token, boolean first) {
            return first ? token : " " + token;
        }

        @Override
        public boolean positional() {
            return true;
        }
    }
}
