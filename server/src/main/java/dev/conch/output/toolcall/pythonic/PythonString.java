package dev.conch.output.toolcall.pythonic;

/**
 * Reads a Python string from behind its opening quote, a character at a time. An escape that Python does not know stands for itself, but
 * for the slash, which JSON escapes. Not thread-safe.
 */
final class PythonString {
    private static final String ESCAPES = "abfnrtv\\'\"/";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\'\"/";
    private static final int OCTAL_DIGITS = 3;

    private final char quote;
    private final StringBuilder said = new StringBuilder();
    private boolean escape;
    /** How many digits of a character's number are missing. */
    private int digits;

    private int radix;
    private int number;
    private boolean ended;

    PythonString(char quote) {
        this.quote = quote;
    }

    /**
     * Takes the next character, up to the closing quote.
     *
     * @return false if it is no digit where one has to be
     */
    boolean take(char c) {
        if (digits > 0) {
            return digit(c);
        }
        if (escape) {
            escape = false;
            escaped(c);
        } else if (c == '\\') {
            escape = true;
        } else if (c == quote) {
            ended = true;
        } else {
            said.append(c);
        }
        return true;
    }

    boolean ended() {
        return ended;
    }

    /** What the string says, since this was last asked. */
    String takeSaid() {
        String all = said.toString();
        said.setLength(0);
        return all;
    }

    private void escaped(char c) {
        int known = ESCAPES.indexOf(c);
        if (known >= 0) {
            said.append(ESCAPED.charAt(known));
            return;
        }
        switch (c) {
            case '\n' -> {}
            case 'x' -> number(2, 16);
            case 'u' -> number(4, 16);
            case 'U' -> number(8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                number(OCTAL_DIGITS, 8);
                digit(c);
            }
            default -> said.append('\\').append(c);
        }
    }

    private void number(int length, int base) {
        digits = length;
        radix = base;
        number = 0;
    }

    private boolean digit(char c) {
        int digit = Character.digit(c, radix);
        if (digit < 0) {
            return radix == 8 && endOctal(c);
        }
        number = number * radix + digit;
        digits--;
        return digits > 0 || endNumber();
    }

    /** An octal number may be shorter. */
    private boolean endOctal(char next) {
        digits = 0;
        return endNumber() && take(next);
    }

    private boolean endNumber() {
        if (!Character.isValidCodePoint(number)) {
            return false;
        }
        said.appendCodePoint(number);
        return true;
    }
}
