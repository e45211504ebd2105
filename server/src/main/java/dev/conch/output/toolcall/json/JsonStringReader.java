package dev.conch.output.toolcall.json;

/** Reads what a JSON string says, from behind its first quote, a character at a time. Not thread-safe. */
final class JsonStringReader {
    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String MEANINGS = "\"\\/\b\f\n\r\t";
    private static final int HEX_DIGITS = 4;

    private final StringBuilder said = new StringBuilder();
    private boolean escape;
    private int hexDigits;
    private int hex;
    private boolean ended;

    /**
     * Takes the next character.
     *
     * @return whether it may stand here
     */
    boolean take(char c) {
        if (hexDigits > 0) {
            return takeHex(c);
        }
        if (escape) {
            return takeEscaped(c);
        }
        escape = c == '\\';
        ended = c == '"';
        if (!escape && !ended) {
            said.append(c);
        }
        return true;
    }

    private boolean takeEscaped(char c) {
        escape = false;
        if (c == 'u') {
            hexDigits = HEX_DIGITS;
            hex = 0;
            return true;
        }
        int place = ESCAPES.indexOf(c);
        if (place >= 0) {
            said.append(MEANINGS.charAt(place));
        }
        return place >= 0;
    }

    private boolean takeHex(char c) {
        int digit = c > 'f' ? -1 : Character.digit(c, 16);
        if (digit < 0) {
            return false;
        }
        hex = hex * 16 + digit;
        if (--hexDigits == 0) {
            said.append((char) hex);
        }
        return true;
    }

    /** Whether the quote behind the string has come. */
    boolean ended() {
        return ended;
    }

    /** What the string has said since this was last asked. */
    String takeSaid() {
        String all = said.toString();
        said.setLength(0);
        return all;
    }
}
