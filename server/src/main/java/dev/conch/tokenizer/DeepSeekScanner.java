package dev.conch.tokenizer;

import static dev.conch.tokenizer.CharacterCategory.LETTER;
import static dev.conch.tokenizer.CharacterCategory.MARK;
import static dev.conch.tokenizer.CharacterCategory.NEWLINE;
import static dev.conch.tokenizer.CharacterCategory.NUMBER;
import static dev.conch.tokenizer.CharacterCategory.OTHER;
import static dev.conch.tokenizer.CharacterCategory.PUNCTUATION;
import static dev.conch.tokenizer.CharacterCategory.SET_APART;
import static dev.conch.tokenizer.CharacterCategory.SPACE;

/**
 * The three expressions of DeepSeek V3 and R1, each of which sees the pieces that the one before left:
 *
 * <pre>{@code
 * \p{N}{1,3}
 * [一-龥぀-ゟ゠-ヿ]+
 * [!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
 * }</pre>
 *
 * <p>The last does not cover all characters: what it leaves between two words is a word of its own.
 */
final class DeepSeekScanner extends WordScanner {
    private static final CharacterCategory CATEGORIES = new CharacterCategory(DeepSeekScanner::category);
    private static final int WORD = LETTER | MARK;
    private static final int SYMBOL = PUNCTUATION | CharacterCategory.SYMBOL;

    DeepSeekScanner() {
        super(CATEGORIES);
    }

    private static int category(int codePoint) {
        boolean eastAsian =
                (codePoint >= 0x4E00 && codePoint <= 0x9FA5) || (codePoint >= 0x3040 && codePoint <= 0x30FF);
        return eastAsian ? SET_APART : CharacterCategory.ofUnicode(codePoint);
    }

    @Override
    boolean endsPiece(int category) {
        return (category & (SET_APART | NUMBER)) != 0;
    }

    @Override
    long starts(AsciiWindow window, byte[] text, int from, int end) {
        return 1;
    }

    @Override
    int next(byte[] text, int from, int end) {
        int plain = plainWord(text, from);
        return plain > from ? plain : anyWord(text, from, end);
    }

    private int anyWord(byte[] text, int from, int end) {
        int category = categoryBefore(text, from);
        if ((category & WORD) != 0) {
            return word(text, from, end);
        }
        int second = from + width(text[from]);
        int following = category(text, second, end);
        return switch (category) {
            case NUMBER -> skipUpTo(3, text, from, end, NUMBER);
            case SET_APART -> skip(text, from, end, SET_APART);
            case NEWLINE -> whiteSpaceToLineBreak(text, from, end);
            case SPACE -> space(text, from, second, following, end);
            case OTHER -> (following & WORD) != 0 ? word(text, second, end) : unmatched(text, second, end);
            default -> symbols(text, from, second, end);
        };
    }

    private int space(byte[] text, int from, int second, int following, int end) {
        if ((following & WORD) != 0) {
            return word(text, second, end);
        }
        return text[from] == ' ' && (following & SYMBOL) != 0
                ? symbolsAndNewlines(text, second, end)
                : whiteSpaceToLineBreak(text, from, end);
    }

    private int symbols(byte[] text, int from, int second, int end) {
        return text[from] >= 0 && isAsciiLetter(text[second])
                ? asciiLetters(text, second)
                : symbolsAndNewlines(text, from, end);
    }

    private int symbolsAndNewlines(byte[] text, int from, int end) {
        return skip(text, skip(text, from, end, SYMBOL), end, NEWLINE);
    }

    private int word(byte[] text, int from, int end) {
        return skip(text, from, end, WORD);
    }

    /** Up to the next character at which the expression matches. */
    private int unmatched(byte[] text, int from, int end) {
        int at = from;
        while (category(text, at, end) == OTHER) {
            int next = at + width(text[at]);
            if ((category(text, next, end) & WORD) != 0) {
                break;
            }
            at = next;
        }
        return at;
    }

    private static int asciiLetters(byte[] text, int from) {
        int at = from;
        while (isAsciiLetter(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isAsciiLetter(int unit) {
        int folded = unit | 0x20;
        return folded >= 'a' && folded <= 'z';
    }
}
