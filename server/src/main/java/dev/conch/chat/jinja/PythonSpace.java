package dev.conch.chat.jinja;

/** What is white space and what is a line break to Python's strings. All of it is in the basic plane. */
public final class PythonSpace {
    private PythonSpace() {}

    /** {@code str.isspace} of one character. */
    public static boolean is(int codePoint) {
        return (codePoint >= '\t' && codePoint <= '\r')
                || (codePoint >= 0x1C && codePoint <= ' ')
                || codePoint == 0x85
                || Character.isSpaceChar(codePoint);
    }

    /** Whether {@code str.splitlines} ends a line here; {@code \r\n} is one line break. */
    static boolean isLineBreak(char character) {
        return (character >= '\n' && character <= '\r')
                || (character >= 0x1C && character <= 0x1E)
                || character == 0x85
                || character == '\u2028'
                || character == '\u2029';
    }

    /** Where the first white space is, at or after a position, or the text's length. */
    static int indexIn(String string, int from) {
        int index = from;
        while (index < string.length() && !is(string.charAt(index))) {
            index++;
        }
        return index;
    }

    /** Where white space that begins at a position ends. */
    static int skip(String string, int from) {
        int index = from;
        while (index < string.length() && is(string.charAt(index))) {
            index++;
        }
        return index;
    }

    /** Where white space that ends at a position begins. */
    static int skipBack(String string, int to) {
        int index = to;
        while (index > 0 && is(string.charAt(index - 1))) {
            index--;
        }
        return index;
    }
}
