package dev.conch.cli;

import org.jspecify.annotations.Nullable;

/** Says where two texts begin to differ. */
final class Difference {
    private static final int CHARS_BEFORE = 20;
    private static final int CHARS_AFTER = 30;

    private Difference() {}

    /** One line, or null if there is no difference. */
    static @Nullable String between(String expected, String actual) {
        if (expected.equals(actual)) {
            return null;
        }
        int at = 0;
        while (at < Math.min(expected.length(), actual.length()) && expected.charAt(at) == actual.charAt(at)) {
            at++;
        }
        return "differs at %d: expected %s but was %s".formatted(at, excerpt(expected, at), excerpt(actual, at));
    }

    private static String excerpt(String text, int at) {
        String part = text.substring(Math.max(0, at - CHARS_BEFORE), Math.min(text.length(), at + CHARS_AFTER));
        return '"' + part.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + '"';
    }
}
