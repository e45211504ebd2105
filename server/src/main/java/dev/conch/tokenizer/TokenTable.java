package dev.conch.tokenizer;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What each id of a byte-level vocabulary decodes to. Control tokens are nothing; most others are whole characters, whose text is kept
 * ready so that decoding them costs one look-up. Immutable.
 */
final class TokenTable {
    private static final byte[] NOTHING = {};

    private final byte[] @Nullable [] bytes;
    private final @Nullable String[] wholeText;

    /**
     * Fills the table.
     *
     * @param tokens the token of each id; null where there is none
     * @param controlIds ids that decode to nothing
     */
    TokenTable(List<@Nullable String> tokens, Set<Integer> controlIds) {
        bytes = new byte[tokens.size()][];
        wholeText = new String[tokens.size()];
        for (int id = 0; id < bytes.length; id++) {
            String token = tokens.get(id);
            if (token != null) {
                put(id, controlIds.contains(id) ? NOTHING : ByteLevelAlphabet.bytes(token));
            }
        }
    }

    private void put(int id, byte[] token) {
        bytes[id] = token;
        wholeText[id] = wholeText(token);
    }

    int size() {
        return bytes.length;
    }

    /**
     * Bytes of a token, not to be changed.
     *
     * @throws IndexOutOfBoundsException if there is no such id
     */
    byte[] bytes(int id) {
        byte[] token = id >= 0 && id < bytes.length ? bytes[id] : null;
        if (token == null) {
            throw new IndexOutOfBoundsException(
                    "token id: " + id + " (expected: one of the vocabulary's, below " + size() + ")");
        }
        return token;
    }

    /** Text of a token whose bytes end where a character does; null if they do not, or if there is no such id. */
    @Nullable String wholeText(int id) {
        return id >= 0 && id < bytes.length ? wholeText[id] : null;
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
