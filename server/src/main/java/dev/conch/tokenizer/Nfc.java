package dev.conch.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The {@code NFC} normalizer as the Hugging Face library has it: by Unicode 9. What came later is nothing to it, neither a mark that is
 * put in order nor a part of anything that is composed. So the text is normalized between such characters, and they are kept as they are.
 *
 * <p>Linear: runs of marks are put in order before {@link Normalizer}, which is quadratic there, sees them.
 */
final class Nfc {
    /** Below this every text is NFC. */
    static final int FIRST_AFFECTED = 0x300;

    /** Marks in a row that are worth sorting first; nothing in real text comes near. */
    private static final int LONG_RUN = 64;

    /** First and last code points of what was encoded after Unicode 9 and has a combining class or composes. */
    private static final int[] UNKNOWN = {
        0x07FD, 0x07FD, 0x0897, 0x089F, 0x08CA, 0x08D3, 0x09FE, 0x09FE, 0x0C3C, 0x0C3C, 0x0D3B, 0x0D3C, 0x0EBA, 0x0EBA,
        0x1715, 0x1715, 0x1ABF, 0x1ACE, 0x1DF6, 0x1DFA, 0xA82C, 0xA82C, 0x105C0, 0x105FF, 0x10D24, 0x10D27, 0x10D69,
        0x10D6D, 0x10EAB, 0x10EAC, 0x10EFD, 0x10EFF, 0x10F46, 0x10F50, 0x10F82, 0x10F85, 0x11070, 0x11070, 0x1133B,
        0x1133B, 0x11380, 0x113FF, 0x1145E, 0x1145E, 0x11839, 0x1183A, 0x11900, 0x1195F, 0x119E0, 0x119E0, 0x11A34,
        0x11A34, 0x11A47, 0x11A47, 0x11A99, 0x11A99, 0x11D42, 0x11D42, 0x11D44, 0x11D45, 0x11D97, 0x11D97, 0x11F41,
        0x11F42, 0x16100, 0x1613F, 0x16D40, 0x16D7F, 0x16FF0, 0x16FF1, 0x1E08F, 0x1E08F, 0x1E130, 0x1E136, 0x1E2AE,
        0x1E2AE, 0x1E2EC, 0x1E2EF, 0x1E4EC, 0x1E4EF, 0x1E5EE, 0x1E5EF,
    };

    private Nfc() {}

    /** Composes a part of a text; null if it is composed already. */
    static @Nullable String normalize(String text, int from, int to) {
        for (int at = from; at < to; ) {
            int codePoint = text.codePointAt(at);
            if (Tables.AFFECTED.get(codePoint)) {
                return compose(text, from, to);
            }
            at += Character.charCount(codePoint);
        }
        return null;
    }

    private static String compose(String text, int from, int to) {
        StringBuilder composed = new StringBuilder(to - from);
        int start = from;
        for (int at = from; at < to; ) {
            int codePoint = text.codePointAt(at);
            int next = at + Character.charCount(codePoint);
            if (Tables.UNKNOWN_SET.get(codePoint)) {
                composed.append(composeKnown(text.substring(start, at))).appendCodePoint(codePoint);
                start = next;
            }
            at = next;
        }
        return composed.append(composeKnown(text.substring(start, to))).toString();
    }

    private static String composeKnown(String text) {
        return Normalizer.normalize(hasLongRun(text) ? CombiningOrder.sorted(text) : text, Form.NFC);
    }

    private static boolean hasLongRun(String text) {
        int run = 0;
        for (int at = 0; at < text.length() && run < LONG_RUN; ) {
            int codePoint = text.codePointAt(at);
            run = CharacterCategory.UNICODE.of(codePoint) == CharacterCategory.MARK ? run + 1 : 0;
            at += Character.charCount(codePoint);
        }
        return run == LONG_RUN;
    }

    /** Filled when the first text needs them. */
    private static final class Tables {
        /** Without any of these a text is NFC: they compose, are put in order or have another form. */
        static final BitSet AFFECTED = affected();

        static final BitSet UNKNOWN_SET = unknown();

        private static BitSet affected() {
            BitSet affected = new BitSet();
            for (int codePoint = FIRST_AFFECTED; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
                int category = CharacterCategory.UNICODE.of(codePoint);
                boolean isJamo = codePoint >= 0x1160 && codePoint <= 0x11FF;
                if (category == CharacterCategory.MARK
                        || isJamo
                        || (category != CharacterCategory.OTHER && hasOtherForm(codePoint))) {
                    affected.set(codePoint);
                }
            }
            return affected;
        }

        private static boolean hasOtherForm(int codePoint) {
            return !Normalizer.isNormalized(Character.toString(codePoint), Form.NFC);
        }

        private static BitSet unknown() {
            BitSet unknown = new BitSet();
            for (int i = 0; i < UNKNOWN.length; i += 2) {
                unknown.set(UNKNOWN[i], UNKNOWN[i + 1] + 1);
            }
            return unknown;
        }
    }
}
