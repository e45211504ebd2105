package dev.conch.output.toolcall.pythonic;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes Python's decimal numbers as JSON has them. */
final class PythonNumber {
    private static final Pattern NUMBER = Pattern.compile("([+-]?)([0-9]*+)(\\.[0-9]*+)?([eE][+-]?[0-9]++)?");

    private PythonNumber() {}

    /** The number as JSON; null if the text is no number. */
    static @Nullable String toJson(String text) {
        Matcher number = NUMBER.matcher(text.replace("_", ""));
        if (!number.matches()) {
            return null;
        }
        String whole = orEmpty(number.group(2));
        String fraction = orEmpty(number.group(3));
        if ((whole.isEmpty() && fraction.length() < 2) || (whole.length() > 1 && whole.startsWith("0"))) {
            return null;
        }
        return orEmpty(number.group(1)).replace("+", "")
                + (whole.isEmpty() ? "0" : whole)
                + (fraction.equals(".") ? ".0" : fraction)
                + orEmpty(number.group(4));
    }

    private static String orEmpty(@Nullable String group) {
        return group == null ? "" : group;
    }
}
