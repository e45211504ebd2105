package dev.conch.chat.jinja;

/** Python's escapes in string literals. A backslash that begins none of them is a backslash. */
final class StringEscapes {
    private static final int HEX = 16;
    private static final int OCTAL = 8;

    private final String literal;
    private final int line;
    private final StringBuilder out = new StringBuilder();
    private int position;

    private StringEscapes(String literal, int line) {
        this.literal = literal;
        this.line = line;
    }

    static String decode(String literal, int line) {
        return literal.indexOf('\\') < 0 ? literal : new StringEscapes(literal, line).run();
    }

    private String run() {
        while (position < literal.length()) {
            char next = literal.charAt(position++);
            if (next != '\\' || position == literal.length()) {
                out.append(next);
            } else {
                escape(literal.charAt(position++));
            }
        }
        return out.toString();
    }

    private void escape(char letter) {
        switch (letter) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(letter);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000B');
            case 'x' -> number(2, 2, HEX);
            case 'u' -> number(4, 4, HEX);
            case 'U' -> number(8, 8, HEX);
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                position--;
                number(1, 3, OCTAL);
            }
            default -> out.append('\\').append(letter);
        }
    }

    private void number(int least, int most, int radix) {
        int end = position;
        while (end < literal.length() && end < position + most && Character.digit(literal.charAt(end), radix) >= 0) {
            end++;
        }
        if (end < position + least) {
            throw new TemplateSyntaxException("truncated escape in a string", line);
        }
        int codePoint = Integer.parseUnsignedInt(literal.substring(position, end), radix);
        if (!Character.isValidCodePoint(codePoint)) {
            throw new TemplateSyntaxException("illegal Unicode character in a string", line);
        }
        out.appendCodePoint(codePoint);
        position = end;
    }

    private void named() {
        int close = literal.indexOf('}', position);
        if (!literal.startsWith("{", position) || close < 0) {
            throw new TemplateSyntaxException("malformed \\N escape in a string", line);
        }
        try {
            out.appendCodePoint(Character.codePointOf(literal.substring(position + 1, close)));
        } catch (IllegalArgumentException e) {
            throw new TemplateSyntaxException("unknown Unicode character name in a string", line);
        }
        position = close + 1;
    }
}
