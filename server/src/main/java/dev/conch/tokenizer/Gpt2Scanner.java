package dev.conch.tokenizer;

import static dev.conch.tokenizer.CharacterCategory.LETTER;
import static dev.conch.tokenizer.CharacterCategory.NUMBER;
import static dev.conch.tokenizer.CharacterCategory.WHITE_SPACE;

/**
 * GPT-2's expression, which is that of the {@code ByteLevel} pre-tokenizer:
 *
 * <pre>{@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}</pre>
 *
 * <p>With a {@code Digits} pre-tokenizer before it (SmolLM, StarCoder, Command R) numbers are cut out first, one by one or in runs.
 */
final class Gpt2Scanner extends WordScanner {
    private static final int NO_SYMBOL = LETTER | NUMBER | WHITE_SPACE | CharacterCategory.SET_APART;
    private static final int SYMBOL = ~NO_SYMBOL;

    private final Digits digits;

    /** What is done with numbers before the expression sees the text. */
    enum Digits {
        /** Nothing. */
        AS_WORDS,
        RUNS,
        SINGLE
    }

    Gpt2Scanner(Digits digits) {
        super(
                digits == Digits.AS_WORDS
                        ? CharacterCategory.UNICODE
                        : new CharacterCategory(Gpt2Scanner::numbersSetApart));
        this.digits = digits;
    }

    /** The library asks Rust's {@code char::is_numeric}, which knows two blocks of Unicode 17 already. */
    private static int numbersSetApart(int codePoint) {
        int category = CharacterCategory.ofUnicode(codePoint);
        boolean isNew =
                (codePoint >= 0x11DE0 && codePoint <= 0x11DE9) || (codePoint >= 0x16FF4 && codePoint <= 0x16FF6);
        return category == NUMBER || isNew ? CharacterCategory.SET_APART : category;
    }

    @Override
    long starts(AsciiWindow window, byte[] text, int from, int end) {
        window.load(text, from, end);
        long letters = window.letters();
        long numbers = window.digits();
        long white = window.blanks() | window.newlines();
        long symbols = ~(letters | numbers | white);
        long all = 1
                | ((runs(letters) | runs(numbers) | runs(symbols)) & ~(window.spaces() << 1))
                | runs(white)
                | (white & ~(white >>> 1));
        for (long rest = all & symbols & window.apostrophes(); rest != 0; rest &= rest - 1) {
            int at = Long.numberOfTrailingZeros(rest);
            int length = lowerCaseContraction(text, from + at) - from - at;
            if (length > 0) {
                all = (all & ~(2L << at)) | 1L << length << at;
            }
        }
        return all & certain(window, white, digits == Digits.AS_WORDS ? 0 : numbers);
    }

    @Override
    int next(byte[] text, int from, int end) {
        int plain = plainWord(text, from);
        return plain > from ? plain : anyWord(text, from, end);
    }

    private int anyWord(byte[] text, int from, int end) {
        int start = text[from] == ' ' ? from + 1 : from;
        int category = category(text, start, end);
        if ((category & LETTER) != 0) {
            return skipLetters(text, start, end);
        }
        if ((category & SYMBOL) != 0) {
            int contraction = start == from ? lowerCaseContraction(text, from) : from;
            return contraction > from ? contraction : skip(text, start, end, SYMBOL);
        }
        if (category == NUMBER) {
            return skip(text, start, end, NUMBER);
        }
        return start == from && category == CharacterCategory.SET_APART
                ? numbers(text, from, end)
                : whiteSpace(text, from, end);
    }

    private int numbers(byte[] text, int from, int end) {
        int count = digits == Digits.SINGLE ? 1 : Integer.MAX_VALUE;
        return skipUpTo(count, text, from, end, CharacterCategory.SET_APART);
    }

    private static int lowerCaseContraction(byte[] text, int from) {
        int end = contraction(text, from);
        for (int i = from + 1; i < end; i++) {
            if (text[i] < 'a') {
                return from;
            }
        }
        return end;
    }
}
