package dev.conch.http.connection;

/**
 * The characters of a header field, by RFC 9110, 5.5 and 5.6. Each is looked at once: a regular expression that trims and checks at the same
 * time needs the cube of a field's length for blanks with a fault behind them.
 */
final class FieldSyntax {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final int FIRST_VISIBLE = 0x21;
    private static final int DELETE = 0x7f;
    private static final int LAST_OCTET = 0xff;

    private FieldSyntax() {}

    /** Whether all characters from one index to before another may stand in a name. */
    static boolean isToken(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** Whether all characters from an index on may stand in a value or around it. */
    static boolean isValue(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isBlank(c) && (c < FIRST_VISIBLE || c == DELETE || c > LAST_OCTET)) {
                return false;
            }
        }
        return true;
    }

    /** What stands from an index on, without the blanks around it. */
    static String withoutBlanks(String text, int from) {
        int start = from;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
