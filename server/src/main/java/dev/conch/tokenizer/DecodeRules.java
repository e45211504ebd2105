package dev.conch.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code decoder} of a {@code tokenizer.json} in the order in which it works: what becomes of each token by itself, how tokens are
 * joined to text, what is taken from the front of the text. Whatever does not fit into this order is refused, for it could not be
 * decoded token by token.
 *
 * @param tokenRules applied to each token, one after the other
 * @param strips applied to the beginning of the whole text, one after the other
 */
record DecodeRules(List<TokenRule> tokenRules, Joint joint, List<TokenRule.Strip> strips) {
    /** How tokens become text. */
    enum Joint {
        /** Each token is text. */
        TEXT,
        /** Each token is bytes in the spelling of {@link ByteLevelAlphabet}; together they are UTF-8. */
        BYTE_LEVEL,
        /** Each token is text, or a single byte written {@code <0x0A>}; see {@link ByteFallbackRun}. */
        BYTE_FALLBACK
    }

    /**
     * Reads a decoder.
     *
     * @param decoder absent or null: the library puts blanks between the tokens
     * @throws TokenizerFormatException if it is none that can be followed exactly
     */
    static DecodeRules read(@Nullable JsonElement decoder) {
        List<JsonObject> parts = JsonParts.flatten(decoder, "decoders");
        if (JsonParts.isNull(decoder)) {
            return new DecodeRules(List.of(new TokenRule.Blanks()), Joint.TEXT, List.of());
        }
        var reading = new Reading();
        parts.forEach(reading::take);
        return new DecodeRules(reading.tokenRules, reading.joint, reading.strips);
    }

    /** Whether the first token of a text may read differently than later. */
    boolean positional() {
        return tokenRules.stream().anyMatch(TokenRule::positional);
    }

    String apply(String token, boolean first) {
        String text = token;
        for (TokenRule rule : tokenRules) {
            text = rule.apply(text, first);
        }
        return text;
    }

    private static final class Reading {
        private final List<TokenRule> tokenRules = new ArrayList<>();
        private final List<TokenRule.Strip> strips = new ArrayList<>();
        private Joint joint = Joint.TEXT;
        private boolean fused;

        void take(JsonObject part) {
            String type = JsonParts.type(part);
            if (type.equals("Fuse")) {
                fused = true;
            } else if (type.equals("Strip") && fused) {
                strips.add(TokenRule.Strip.read(part));
            } else if (fused || joint != Joint.TEXT) {
                throw new TokenizerFormatException(
                        "decoder: " + type + " behind what joins the tokens (expected: before it)");
            } else if (type.equals("ByteLevel")) {
                joint = Joint.BYTE_LEVEL;
                fused = true;
            } else if (type.equals("ByteFallback")) {
                joint = Joint.BYTE_FALLBACK;
            } else {
                tokenRules.add(tokenRule(type, part));
            }
        }

        private static TokenRule tokenRule(String type, JsonObject part) {
            return switch (type) {
                case "Replace" -> TokenRule.Replace.read(part);
                case "Strip" -> TokenRule.Strip.read(part);
                case "Metaspace" -> TokenRule.Metaspace.read(part);
                case "WordPiece" -> TokenRule.WordPiece.read(part);
                default ->
                    throw new TokenizerFormatException(
                            "decoder: " + type
                                    + " (expected: ByteLevel, ByteFallback, Fuse, Metaspace, Replace, Sequence, Strip or WordPiece)");
            };
        }
    }
}
