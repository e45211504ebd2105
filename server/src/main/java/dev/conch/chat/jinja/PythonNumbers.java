package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers as Python reads them from strings: with spaces around, single underscores inside, and digits of any script. */
final class PythonNumbers {
    private static final Pattern INTEGER = Pattern.compile("([+-]?)(0[xob]_?)?([0-9a-z]+(?:_[0-9a-z]+)*)");
    private static final Pattern REAL = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)(e[+-]?\\d+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("([+-]?)(inf|infinity|nan)");
    private static final int MAX_DIGITS = 4300;

    private PythonNumbers() {}

    /** What the filter {@code int} makes of a string: an integer, or a float without its fraction, or the fallback. */
    static Value integer(String string, int base, Value fallback) {
        BigInteger integer = integer(ascii(string), base);
        if (integer != null) {
            return Int.of(integer);
        }
        return real(string, fallback) instanceof Real real && Double.isFinite(real.value())
                ? Int.of(real.exact().toBigInteger())
                : fallback;
    }

    private static @Nullable BigInteger integer(String digits, int base) {
        Matcher matcher = INTEGER.matcher(digits);
        if (digits.length() > MAX_DIGITS || !matcher.matches() || base < 0 || base > Character.MAX_RADIX) {
            return null;
        }
        int prefixed = radix(matcher.group(2));
        String magnitude = prefixed > 0 && (base == 0 || base == prefixed)
                ? digits.substring(matcher.start(3))
                : digits.substring(matcher.end(1));
        return parsed(matcher.group(1) + magnitude.replace("_", ""), base == 0 ? Math.max(prefixed, 10) : base);
    }

    /** The radix that a prefix stands for; 0 for none. */
    private static int radix(@Nullable String prefix) {
        if (prefix == null) {
            return 0;
        }
        return switch (prefix.charAt(1)) {
            case 'x' -> 16;
            case 'o' -> 8;
            default -> 2;
        };
    }

    private static @Nullable BigInteger parsed(String digits, int radix) {
        try {
            return radix < Character.MIN_RADIX ? null : new BigInteger(digits, radix);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static Value real(String string, Value fallback) {
        String digits = ascii(string).replaceAll("(?<=\\d)_(?=\\d)", "");
        Matcher special = NOT_FINITE.matcher(digits);
        if (special.matches()) {
            double sign = "-".equals(special.group(1)) ? -1 : 1;
            return new Real("nan".equals(special.group(2)) ? Double.NaN : sign * Double.POSITIVE_INFINITY);
        }
        return REAL.matcher(digits).matches() ? new Real(Double.parseDouble(digits)) : fallback;
    }

    /** In lower case, without space around, with the digits of any script as those of ASCII. */
    private static String ascii(String number) {
        StringBuilder ascii = new StringBuilder(number.length());
        number.strip().codePoints().forEach(codePoint -> {
            boolean digit = Character.getType(codePoint) == Character.DECIMAL_DIGIT_NUMBER;
            ascii.appendCodePoint(digit ? '0' + Character.digit(codePoint, 10) : codePoint);
        });
        return ascii.toString().toLowerCase(Locale.ROOT);
    }
}
