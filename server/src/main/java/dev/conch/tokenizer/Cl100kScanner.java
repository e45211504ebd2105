package dev.conch.tokenizer;

import static dev.conch.tokenizer.CharacterCategory.LETTER;
import static dev.conch.tokenizer.CharacterCategory.NEWLINE;
import static dev.conch.tokenizer.CharacterCategory.NUMBER;
import static dev.conch.tokenizer.CharacterCategory.WHITE_SPACE;

/**
 * The expression of GPT-4's cl100k, which Llama 3 took over, and Qwen with {@code \p{N}} for numbers:
 *
 * <pre>{@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * }</pre>
 */
final class Cl100kScanner extends WordScanner {
    private static final int SYMBOL = ~(LETTER | NUMBER | WHITE_SPACE);

    private final int digits;

    /**
     * One of the two expressions.
     *
     * @param digits how many a number has at most
     */
    Cl100kScanner(int digits) {
        super(CharacterCategory.UNICODE);
        this.digits = digits;
    }

    @Override
    int next(byte[] text, int from, int end) {
        int plain = plainWord(text, from);
        return plain > from ? plain : anyWord(text, from, end);
    }

    private int anyWord(byte[] text, int from, int end) {
        int category = categoryBefore(text, from);
        if ((category & LETTER) != 0) {
            return skipLetters(text, from, end);
        }
        if (category == NUMBER) {
            return skipUpTo(digits, text, from, end, NUMBER);
        }
        int contraction = contraction(text, from);
        if (contraction > from) {
            return contraction;
        }
        int second = from + width(text[from]);
        int following = category(text, second, end);
        if (category != NEWLINE && (following & LETTER) != 0) {
            return skipLetters(text, second, end);
        }
        boolean symbols = (category & SYMBOL) != 0 || (text[from] == ' ' && (following & SYMBOL) != 0);
        return symbols
                ? skip(text, skip(text, second, end, SYMBOL), end, NEWLINE)
                : whiteSpaceToLineBreak(text, from, end);
    }
}
