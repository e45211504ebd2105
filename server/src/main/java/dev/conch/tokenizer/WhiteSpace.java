package dev.conch.tokenizer;

/** Unicode's property White_Space, which neither {@link Character#isWhitespace} nor {@link Character#isSpaceChar} is. */
final class WhiteSpace {
    private WhiteSpace() {}

    /** All white space is in the basic plane, so one UTF-16 unit is enough to tell. */
    static boolean is(char unit) {
        return (unit >= '\t' && unit <= '\r')
                || unit == ' '
                || unit == '\u0085'
                || unit == '\u00A0'
                || unit == '\u1680'
                || (unit >= '\u2000' && unit <= '\u200A')
                || unit == '\u2028'
                || unit == '\u2029'
                || unit == '\u202F'
                || unit == '\u205F'
                || unit == '\u3000';
    }

    /** Where the white space before a position begins, no earlier than {@code from}. */
    static int startBefore(String text, int position, int from) {
        int start = position;
        while (start > from && is(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    /** Where the white space after a position ends, no later than {@code to}. */
    static int endAfter(String text, int position, int to) {
        int end = position;
        while (end < to && is(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
