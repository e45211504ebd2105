package dev.conch.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The spelling of bytes as printable characters that byte-level vocabularies use, as introduced by GPT-2's {@code bytes_to_unicode}:
 * printable Latin-1 characters stand for themselves, the other 68 bytes are the characters from U+0100 on, in order.
 */
final class ByteLevelAlphabet {
    private static final int FIRST_STAND_IN = 0x100;
    private static final int NO_BYTE = -1;
    private static final short[] BYTE_OF_CHARACTER = byteOfCharacter();

    private ByteLevelAlphabet() {}

    /**
     * Bytes that a token stands for. A token that is not spelled in the alphabet all through is literal text, as in the
     * {@code ByteLevel} decoder of the Hugging Face {@code tokenizers} library.
     */
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = byteOf(token.charAt(i));
            if (value == NO_BYTE) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    /** Whether a token is spelled in the alphabet all through. */
    static boolean spells(String token) {
        return token.chars().allMatch(character -> byteOf((char) character) != NO_BYTE);
    }

    private static int byteOf(char character) {
        return character < BYTE_OF_CHARACTER.length ? BYTE_OF_CHARACTER[character] : NO_BYTE;
    }

    private static short[] byteOfCharacter() {
        short[] table = new short[FIRST_STAND_IN + 256];
        Arrays.fill(table, (short) NO_BYTE);
        int standIn = FIRST_STAND_IN;
        for (int value = 0; value < 256; value++) {
            table[isPrintable(value) ? value : standIn++] = (short) value;
        }
        return Arrays.copyOf(table, standIn);
    }

    private static boolean isPrintable(int latin1) {
        return (latin1 >= '!' && latin1 <= '~') || (latin1 >= 0xA1 && latin1 != 0xAD);
    }
}
