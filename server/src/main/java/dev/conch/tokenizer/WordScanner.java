package dev.conch.tokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts text into words as the regular expression of a pre-tokenizer does, without running one: each subclass is one expression, written
 * as the decisions that its alternatives come to. All of them are linear: where an alternative looks ahead and is given up, what it
 * looked at is not looked at again in the same way.
 *
 * <p>Where a word begins, nothing counts that came before. So a scanner may go forward in steps of two kinds: {@link #next} finds the end of
 * one word, of any characters; {@link #starts} finds most of the words in the next 64 bytes, as far as they are ASCII.
 *
 * <p>Text is well-formed UTF-8, followed by at least {@link #PADDING} zero bytes. Immutable.
 */
abstract sealed class WordScanner permits Cl100kScanner, DeepSeekScanner, Gpt2Scanner, O200kScanner {
    static final int PADDING = AsciiWindow.SIZE;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ALL_BYTES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final CharacterCategory categories;
    private final short[] ascii = new short[128];

    WordScanner(CharacterCategory categories) {
        this.categories = categories;
        for (int i = 0; i < ascii.length; i++) {
            ascii[i] = (short) categories.of(i);
        }
    }

    /**
     * Finds the end of the word that begins at a place.
     *
     * @param from first byte of a character, before {@code end}
     * @param end where the text ends
     */
    abstract int next(byte[] text, int from, int end);

    /**
     * Finds where the next words begin, if this scanner can do that with sets.
     *
     * @param window for use by this
     * @param from first byte of a word
     * @return a set of places from there on, the first among them, up to which all words are found
     */
    abstract long starts(AsciiWindow window, byte[] text, int from, int end);

    /**
     * Finds where the words begin that follow the one at a place, as far as sets can tell.
     *
     * @param window for use by this
     * @param from first byte of a word
     * @return a set of places from there on, without the first; empty if only {@link #next} can tell
     */
    final long followingStarts(AsciiWindow window, byte[] text, int from, int end) {
        return isAscii((long) LONG.get(text, from)) ? starts(window, text, from, end) & -2 : 0;
    }

    /**
     * The places of a window that do not depend on what is behind it.
     *
     * @param difficult places that the scanner cannot judge by sets; neither can it then the white space before them
     */
    static long certain(AsciiWindow window, long white, long difficult) {
        long behind = window.outside() | difficult;
        long solid = ~white & ((behind & -behind) - 1);
        return solid == 0 ? 1 : -1L >>> Long.numberOfLeadingZeros(solid);
    }

    /** Places at which a run of members of a set begins. */
    static long runs(long set) {
        return set & ~(set << 1);
    }

    /** Category of the character that begins at a place; 0 at the end of the text. */
    final int category(byte[] text, int at, int end) {
        return at < end ? categoryBefore(text, at) : 0;
    }

    /** Category of the character that begins at a place within the text. */
    final int categoryBefore(byte[] text, int at) {
        int first = text[at];
        return first >= 0 ? ascii[first] : categories.of(codePoint(text, at));
    }

    /** Where the first character is that is not of the given categories. */
    final int skip(byte[] text, int from, int end, int wanted) {
        int at = from;
        while (at < end && (categoryBefore(text, at) & wanted) != 0) {
            at += width(text[at]);
        }
        return at;
    }

    /** As {@link #skip}, no further than a number of characters. */
    final int skipUpTo(int count, byte[] text, int from, int end, int wanted) {
        int at = from;
        for (int i = 0; i < count && at < end && (categoryBefore(text, at) & wanted) != 0; i++) {
            at += width(text[at]);
        }
        return at;
    }

    /** Where the first character is that is not a letter; eight at a time while they are ASCII. */
    final int skipLetters(byte[] text, int from, int end) {
        int at = from;
        while (true) {
            int letters = leading(asciiLetters((long) LONG.get(text, at)));
            at += letters;
            if (letters < Long.BYTES) {
                return text[at] >= 0 ? at : skip(text, at, end, CharacterCategory.LETTER);
            }
            if (at >= end) {
                return at;
            }
        }
    }

    /**
     * The common case without a loop: a space or none, ASCII letters, and together fewer than eight bytes.
     *
     * @return the end of the word; {@code from} if it is another case
     */
    static int plainWord(byte[] text, int from) {
        long bytes = (long) LONG.get(text, from);
        int space = text[from] == ' ' ? 1 : 0;
        int length = leading(asciiLetters(bytes) | ((long) space << 7));
        return length > space && endsAt(length, bytes) ? from + length : from;
    }

    /** As {@link #plainWord}, where only the first letter may be upper-case and none is alone. */
    static int plainLowerCaseWord(byte[] text, int from) {
        long bytes = (long) LONG.get(text, from);
        int space = text[from] == ' ' ? 1 : 0;
        long letters = asciiLetters(bytes);
        long first = letters & 0x80L << (space << 3);
        int length = leading((letters & (bytes << 2)) | first | ((long) space << 7));
        return length > space + 1 && endsAt(length, bytes) ? from + length : from;
    }

    /** Whether eight bytes show that a word ends within them, and before an ASCII character that is no apostrophe. */
    private static boolean endsAt(int length, long bytes) {
        long next = (bytes >>> (length << 3)) & 0xFF;
        return length < Long.BYTES && next < 0x80 && next != '\'';
    }

    /** Whether it is worth looking at a window: its first eight bytes are ASCII. */
    private static boolean isAscii(long bytes) {
        return (bytes & HIGH_BITS) == 0;
    }

    /** High bit of each byte that is an ASCII letter. */
    private static long asciiLetters(long bytes) {
        long folded = bytes | 0x20 * ALL_BYTES;
        return between(folded, 'a', 'z') & ~bytes;
    }

    /** High bit of each byte from first to last, both ASCII; wrong for bytes that are not ASCII. */
    private static long between(long bytes, int first, int last) {
        long low = bytes & ~HIGH_BITS;
        return (low + (0x80 - first) * ALL_BYTES) & ~(low + (0x7F - last) * ALL_BYTES) & HIGH_BITS;
    }

    /** How many bytes from the first on have their high bit set. */
    private static int leading(long highBits) {
        return Long.numberOfTrailingZeros(~highBits & HIGH_BITS) >>> 3;
    }

    /**
     * White space as in {@code \s*[\r\n]+|\s+(?!\S)|\s+}: up to the last line break; if there is none, all of it at the end of the text,
     * and otherwise all but the last character, which the next word may take along.
     */
    final int whiteSpaceToLineBreak(byte[] text, int from, int end) {
        int at = from;
        int last = from;
        int lineBreak = -1;
        for (int category; ((category = category(text, at, end)) & CharacterCategory.WHITE_SPACE) != 0; ) {
            if (category == CharacterCategory.NEWLINE) {
                lineBreak = at;
            }
            last = at;
            at += width(text[at]);
        }
        return lineBreak >= 0 ? lineBreak + 1 : allButLast(text, from, last, at, end);
    }

    /** White space as in {@code \s+(?!\S)|\s+}. */
    final int whiteSpace(byte[] text, int from, int end) {
        int at = from;
        int last = from;
        while (at < end && (categoryBefore(text, at) & CharacterCategory.WHITE_SPACE) != 0) {
            last = at;
            at += width(text[at]);
        }
        return allButLast(text, from, last, at, end);
    }

    private int allButLast(byte[] text, int from, int last, int at, int end) {
        return last == from || at == end || endsPiece(categoryBefore(text, at)) ? at : last;
    }

    /** Whether the main expression does not see beyond a character of this category. */
    boolean endsPiece(int category) {
        return category == CharacterCategory.SET_APART;
    }

    /** End of a contraction such as {@code 're}, in any case, where its apostrophe is; {@code from} if there is none. */
    static int contraction(byte[] text, int from) {
        if (text[from] != '\'') {
            return from;
        }
        int first = text[from + 1] | 0x20;
        return switch (first) {
            case 's', 't', 'm', 'd' -> from + 2;
            case 'r', 'v' -> (text[from + 2] | 0x20) == 'e' ? from + 3 : from;
            case 'l' -> (text[from + 2] | 0x20) == 'l' ? from + 3 : from;
            default -> isLongS(text, from + 1) ? from + 3 : from;
        };
    }

    /** U+017F is a lower-case s to whoever ignores case. */
    private static boolean isLongS(byte[] text, int at) {
        return text[at] == (byte) 0xC5 && text[at + 1] == (byte) 0xBF;
    }

    /** Number of bytes of a character, by its first one. */
    static int width(int first) {
        return first >= 0 ? 1 : first < (byte) 0xE0 ? 2 : first < (byte) 0xF0 ? 3 : 4;
    }

    private static int codePoint(byte[] text, int at) {
        int first = text[at];
        int second = text[at + 1] & 0x3F;
        if (first < (byte) 0xE0) {
            return ((first & 0x1F) << 6) | second;
        }
        int third = text[at + 2] & 0x3F;
        return first < (byte) 0xF0
                ? ((first & 0xF) << 12) | (second << 6) | third
                : ((first & 7) << 18) | (second << 12) | (third << 6) | (text[at + 3] & 0x3F);
    }
}
