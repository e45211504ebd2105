package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as Python reads them from strings: with spaces around and single underscores inside. */
final class PythonNumbers {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9a-z][0-9a-z_]*(?<!_)");
    private static final Pattern REAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?");
    private static final int MAX_DIGITS = 4300;

    private PythonNumbers() {}

    /** What the filter {@code int} makes of a string: an integer, or a float without its fraction, or the fallback. */
    static Value integer(String string, int base, Value fallback) {
        BigInteger integer = integer(string.strip().toLowerCase(Locale.ROOT), base);
        if (integer != null) {
            return Int.of(integer);
        }
        return real(string, fallback) instanceof Real real && Double.isFinite(real.value())
                ? Int.of(real.exact().toBigInteger())
                : fallback;
    }

    private static @Nullable BigInteger integer(String digits, int base) {
        if (digits.length() > MAX_DIGITS
                || !INTEGER.matcher(digits).matches()
                || base < 2
                || base > Character.MAX_RADIX) {
            return null;
        }
        try {
            return new BigInteger(withoutPrefix(digits, base).replace("_", ""), base);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static Value real(String string, Value fallback) {
        String digits = string.strip().toLowerCase(Locale.ROOT).replaceAll("(?<=\\d)_(?=\\d)", "");
        return REAL.matcher(digits).matches() ? new Real(Double.parseDouble(digits)) : fallback;
    }

    private static String withoutPrefix(String digits, int base) {
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        return !prefix.isEmpty() && digits.startsWith(prefix) ? digits.substring(prefix.length()) : digits;
    }
}
