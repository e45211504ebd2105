package dev.conch.tokenizer;

import static dev.conch.tokenizer.CharacterCategory.CASELESS;
import static dev.conch.tokenizer.CharacterCategory.LETTER;
import static dev.conch.tokenizer.CharacterCategory.LOWER;
import static dev.conch.tokenizer.CharacterCategory.MARK;
import static dev.conch.tokenizer.CharacterCategory.NEWLINE;
import static dev.conch.tokenizer.CharacterCategory.NUMBER;
import static dev.conch.tokenizer.CharacterCategory.UPPER;
import static dev.conch.tokenizer.CharacterCategory.WHITE_SPACE;

/**
 * The expression of GPT-4o's o200k, which gpt-oss and Llama 4 share:
 *
 * <pre>{@code
 * [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 * |[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
 * |\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * }</pre>
 *
 * <p>Mistral's tekken leaves out the contractions and has {@code \p{N}} for numbers.
 *
 * <p>In words: upper case, then lower case; letters without case and marks count as either. The first alternative wants at least one
 * character that may be lower case. If none follows the run of upper case, it gives back characters of that run until the last one that
 * may be lower case too, and the word ends behind that one; if there is none, the second alternative takes the run.
 */
final class O200kScanner extends WordScanner {
    private static final int EITHER = CASELESS | MARK;
    private static final int MAYBE_UPPER = UPPER | EITHER;
    private static final int MAYBE_LOWER = LOWER | EITHER;
    private static final int WORD = LETTER | MARK;
    private static final int SYMBOL = ~(LETTER | NUMBER | WHITE_SPACE);

    private final int digits;
    private final boolean contractions;

    /**
     * One of the expressions.
     *
     * @param digits how many a number has at most
     * @param contractions whether a word takes the likes of {@code 're} along
     */
    O200kScanner(int digits, boolean contractions) {
        super(CharacterCategory.UNICODE);
        this.digits = digits;
        this.contractions = contractions;
    }

    @Override
    long starts(AsciiWindow window, byte[] text, int from, int end) {
        return 1;
    }

    @Override
    int next(byte[] text, int from, int end) {
        int plain = plainLowerCaseWord(text, from);
        return plain > from ? plain : anyWord(text, from, end);
    }

    private int anyWord(byte[] text, int from, int end) {
        int category = categoryBefore(text, from);
        if ((category & LETTER) != 0) {
            return word(text, from, end);
        }
        if (category == NUMBER) {
            return skipUpTo(digits, text, from, end, NUMBER);
        }
        int second = from + width(text[from]);
        int following = category(text, second, end);
        if (category == MARK || (category != NEWLINE && (following & WORD) != 0)) {
            return wordWithPrefix(text, from, second, end);
        }
        boolean symbols = (category & SYMBOL) != 0 || (text[from] == ' ' && (following & SYMBOL) != 0);
        return symbols
                ? newlinesAndSlashes(text, skip(text, second, end, SYMBOL), end)
                : whiteSpaceToLineBreak(text, from, end);
    }

    /** A prefix may be a mark; it is then the word if none follows that may be lower case. */
    private int wordWithPrefix(byte[] text, int from, int second, int end) {
        int lower = mixedCase(text, second, end);
        if (lower > second) {
            return withContraction(text, lower);
        }
        return categoryBefore(text, from) == MARK
                ? withContraction(text, second)
                : withContraction(text, skip(text, second, end, UPPER));
    }

    private int word(byte[] text, int from, int end) {
        int lower = mixedCase(text, from, end);
        return withContraction(text, lower > from ? lower : skip(text, from, end, UPPER));
    }

    /** The first alternative; {@code from} if it does not match. */
    private int mixedCase(byte[] text, int from, int end) {
        int at = from;
        int lastEither = from;
        for (int category; ((category = category(text, at, end)) & MAYBE_UPPER) != 0; ) {
            at += width(text[at]);
            if (category != UPPER) {
                lastEither = at;
            }
        }
        int lower = skip(text, at, end, MAYBE_LOWER);
        return lower > at ? lower : lastEither;
    }

    private int withContraction(byte[] text, int at) {
        return contractions ? contraction(text, at) : at;
    }

    private static int newlinesAndSlashes(byte[] text, int from, int end) {
        int at = from;
        while (at < end && (text[at] == '\r' || text[at] == '\n' || text[at] == '/')) {
            at++;
        }
        return at;
    }
}
