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
    long starts(AsciiWindow window, byte[] text, int from, int end) {
        window.load(text, from, end);
        long letters = window.letters();
        long numbers = window.digits();
        long blanks = window.blanks();
        long newlines = window.newlines();
        long white = blanks | newlines;
        long symbols = ~(letters | numbers | white);
        long symbolStarts = runs(symbols) & ~(window.spaces() << 1);
        // A blank that is followed by something else goes with letters, and so does a symbol that is alone.
        long letterStarts = runs(letters) & ~((blanks | symbolStarts) << 1);
        long newlineStarts = newlines & ~((newlines | symbols) << 1);
        long blankStarts = runs(blanks) | (blanks & ~(white >>> 1));
        long all = 1 | letterStarts | numberStarts(numbers) | symbolStarts | newlineStarts | blankStarts;
        for (long rest = symbolStarts & window.apostrophes(); rest != 0; rest &= rest - 1) {
            int at = Long.numberOfTrailingZeros(rest);
            all |= 1L << (contraction(text, from + at) - from - at) << at;
        }
        return all & certain(window, white, blanks & (newlines >>> 1));
    }

    private long numberStarts(long numbers) {
        if (digits == 1) {
            return numbers;
        }
        long starts = runs(numbers);
        long full = numbers & (numbers << 1) & (numbers << 2);
        for (long next = starts; (next = (next << 3) & (full << 1) & numbers) != 0; ) {
            starts |= next;
        }
        return starts;
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
