package dev.conch.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Categories of characters as the expressions of pre-tokenizers distinguish them, in a two-stage table: blocks of 128 code points that
 * are alike are kept once, which makes some 30 kB. Categories are powers of two, so that a set of them is their sum.
 *
 * <p>General categories are the JDK's. JDK 25 and the Hugging Face library agree on all code points (Unicode 16); a test compares them.
 */
final class CharacterCategory {
    /** Controls, format characters, private use, unassigned. */
    static final int OTHER = 1;
    /** Lu, Lt. */
    static final int UPPER = 2;
    /** Ll. */
    static final int LOWER = 4;
    /** Lm, Lo. */
    static final int CASELESS = 8;

    static final int MARK = 16;
    static final int NUMBER = 32;
    /** White space without {@link #NEWLINE}. */
    static final int SPACE = 64;
    /** CR and LF. */
    static final int NEWLINE = 128;

    static final int PUNCTUATION = 256;
    static final int SYMBOL = 512;
    /** What a pre-tokenizer cuts out before its main expression sees the text. */
    static final int SET_APART = 1024;

    static final int LETTER = UPPER | LOWER | CASELESS;
    static final int WHITE_SPACE = SPACE | NEWLINE;

    private static final int BLOCK_BITS = 7;
    private static final int BLOCK_SIZE = 1 << BLOCK_BITS;

    /** The table for the categories of Unicode. */
    static final CharacterCategory UNICODE = new CharacterCategory(CharacterCategory::ofUnicode);

    private final short[] blocks;
    private final short[] categories;

    /** Fills a table from a function of code points. */
    CharacterCategory(IntUnaryOperator categoryOf) {
        int count = (Character.MAX_CODE_POINT + 1) >> BLOCK_BITS;
        blocks = new short[count];
        short[] distinct = new short[BLOCK_SIZE * count];
        Map<Block, Integer> known = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Block block = Block.of(i << BLOCK_BITS, categoryOf);
            Integer at = known.putIfAbsent(block, known.size());
            if (at == null) {
                at = known.size() - 1;
                System.arraycopy(block.categories, 0, distinct, at << BLOCK_BITS, BLOCK_SIZE);
            }
            blocks[i] = at.shortValue();
        }
        categories = Arrays.copyOf(distinct, known.size() << BLOCK_BITS);
    }

    int of(int codePoint) {
        return categories[(blocks[codePoint >> BLOCK_BITS] << BLOCK_BITS) + (codePoint & (BLOCK_SIZE - 1))];
    }

    /** Category by the Unicode character database. */
    static int ofUnicode(int codePoint) {
        if (codePoint == '\r' || codePoint == '\n') {
            return NEWLINE;
        }
        if (codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT && WhiteSpace.is((char) codePoint)) {
            return SPACE;
        }
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> UPPER;
            case Character.LOWERCASE_LETTER -> LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> CASELESS;
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> MARK;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            case Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION -> PUNCTUATION;
            case Character.MATH_SYMBOL, Character.CURRENCY_SYMBOL, Character.MODIFIER_SYMBOL, Character.OTHER_SYMBOL ->
                SYMBOL;
            default -> OTHER;
        };
    }

    /** Categories of neighbours; equal if all are. */
    private static final class Block {
        private final short[] categories = new short[BLOCK_SIZE];

        static Block of(int first, IntUnaryOperator categoryOf) {
            Block block = new Block();
            for (int i = 0; i < BLOCK_SIZE; i++) {
                block.categories[i] = (short) categoryOf.applyAsInt(first + i);
            }
            return block;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Block block && Arrays.equals(categories, block.categories);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(categories);
        }
    }
}
