package dev.conch.tokenizer;

import dev.conch.tokenizer.DecodeRules.Joint;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What each id decodes to. Most tokens are whole characters, whose text is kept ready so that decoding them costs one look-up; the
 * others are bytes. Immutable.
 */
final class TokenTable {
    private static final int BYTE_TOKEN_LENGTH = "<0x00>".length();

    private final @Nullable String[] text;
    private final byte[] @Nullable [] bytes;

    /**
     * Fills the table.
     *
     * @param tokens the token of each id; null where there is none
     * @param first whether this is the table for the first token of a text
     */
    TokenTable(List<@Nullable String> tokens, DecodeRules rules, boolean first) {
        text = new String[tokens.size()];
        bytes = new byte[tokens.size()][];
        for (int id = 0; id < text.length; id++) {
            String token = tokens.get(id);
            if (token != null) {
                put(id, rules.apply(token, first), rules.joint());
            }
        }
    }

    private void put(int id, String token, Joint joint) {
        switch (joint) {
            case TEXT -> text[id] = token;
            case BYTE_LEVEL -> putBytes(id, ByteLevelAlphabet.bytes(token));
            case BYTE_FALLBACK -> putFallback(id, token);
        }
    }

    /** Bytes that begin with a continuation byte may complete a character, and what they are depends on what is before them. */
    private void putBytes(int id, byte[] token) {
        boolean continues = token.length > 0 && (token[0] & 0xC0) == 0x80;
        text[id] = continues ? null : wholeText(token);
        if (text[id] == null) {
            bytes[id] = token;
        }
    }

    private void putFallback(int id, String token) {
        if (isByte(token)) {
            bytes[id] = new byte[] {(byte) Integer.parseInt(token, 3, 5, 16)};
        } else {
            text[id] = token;
        }
    }

    private static boolean isByte(String token) {
        return token.length() == BYTE_TOKEN_LENGTH
                && token.startsWith("<0x")
                && HexFormat.isHexDigit(token.charAt(3))
                && HexFormat.isHexDigit(token.charAt(4))
                && token.endsWith(">");
    }

    int size() {
        return text.length;
    }

    boolean has(int id) {
        return id >= 0 && id < text.length && (text[id] != null || bytes[id] != null);
    }

    /**
     * Text of a token that is whole characters; null if it is bytes.
     *
     * @throws IndexOutOfBoundsException if there is no such id
     */
    @Nullable String text(int id) {
        if (!has(id)) {
            throw new IndexOutOfBoundsException(
                    "token id: " + id + " (expected: one of the vocabulary's, below " + size() + ")");
        }
        return text[id];
    }

    /** Bytes of a token that is no text, not to be changed. */
    byte[] bytes(int id) {
        return Objects.requireNonNull(bytes[id]);
    }

    private static @Nullable String wholeText(byte[] token) {
        Utf8Assembler utf8 = new Utf8Assembler();
        StringBuilder text = new StringBuilder();
        for (byte next : token) {
            utf8.accept(next, text);
        }
        return utf8.idle() ? text.toString() : null;
    }
}
