package dev.conch.output.toolcall.scan;

import tools.jackson.core.io.JsonStringEncoder;

/** Writes text as JSON strings. */
public final class JsonStrings {
    private JsonStrings() {}

    /** The text as it stands between the quotes of a JSON string. May be called for the pieces of a text, one after the other. */
    public static String escaped(String text) {
        return needsEscaping(text) ? new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) : text;
    }

    /** The text as a JSON string. */
    public static String quoted(String text) {
        return '"' + escaped(text) + '"';
    }

    private static boolean needsEscaping(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                return true;
            }
        }
        return false;
    }
}
