package dev.conch.chat.jinja;

/** Python's {@code repr()} of a string. */
final class PythonRepr {
    private PythonRepr() {}

    static String of(String string) {
        char quote = string.indexOf('\'') >= 0 && string.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder(string.length() + 2).append(quote);
        string.codePoints().forEach(codePoint -> escape(codePoint, quote, out));
        return out.append(quote).toString();
    }

    /** Python's {@code ascii()}, of a representation: what is not ASCII in it is escaped. */
    static Text ascii(Text representation) {
        StringBuilder out = new StringBuilder();
        representation.string().codePoints().forEach(codePoint -> {
            if (codePoint < 0x80) {
                out.appendCodePoint(codePoint);
            } else {
                out.append(hex(codePoint));
            }
        });
        return representation.derive(out.toString());
    }

    private static void escape(int codePoint, char quote, StringBuilder out) {
        switch (codePoint) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> {
                if (codePoint == quote) {
                    out.append('\\').append(quote);
                } else if (isPrintable(codePoint)) {
                    out.appendCodePoint(codePoint);
                } else {
                    out.append(hex(codePoint));
                }
            }
        }
    }

    /** Python's {@code str.isprintable}: not one of the categories "Other" and "Separator", but the space is. */
    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }

    private static String hex(int codePoint) {
        if (codePoint <= 0xFF) {
            return "\\x%02x".formatted(codePoint);
        }
        return codePoint <= 0xFFFF ? "\\u%04x".formatted(codePoint) : "\\U%08x".formatted(codePoint);
    }
}
