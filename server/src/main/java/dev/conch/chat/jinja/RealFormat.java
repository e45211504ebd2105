package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The digits of a float in the ways of C's {@code printf}, without padding and for numbers of either sign. */
final class RealFormat {
    private RealFormat() {}

    /**
     * Formats a number.
     *
     * @param type {@code e}, {@code f}, {@code g} or one of them in upper case
     * @param alternate {@code #}: keeps the point, and the zeros of {@code g}
     */
    static String of(double value, char type, int precision, boolean alternate) {
        String formatted = Double.isFinite(value)
                ? finite(value, Character.toLowerCase(type), precision, alternate)
                : Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        return Character.isUpperCase(type) ? formatted.toUpperCase(java.util.Locale.ROOT) : formatted;
    }

    private static String finite(double value, char type, int precision, boolean alternate) {
        String sign = value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
        BigDecimal magnitude = new BigDecimal(Math.abs(value));
        String digits = switch (type) {
            case 'f' -> fixed(magnitude, precision, alternate);
            case 'e' -> exponential(magnitude, precision, alternate);
            default -> general(magnitude, Math.max(1, precision), alternate, Math.max(1, precision));
        };
        return sign + digits;
    }

    /** What {@code format} does to a float with a precision and no type: {@code g}, but it always looks like a float. */
    static String untyped(double value, int precision) {
        if (!Double.isFinite(value)) {
            return of(value, 'g', precision, false);
        }
        String sign = value < 0 || (value == 0 && 1 / value < 0) ? "-" : "";
        int digits = Math.max(1, precision);
        String formatted = general(new BigDecimal(Math.abs(value)), digits, false, digits - 1);
        boolean whole = formatted.indexOf('.') < 0 && formatted.indexOf('e') < 0;
        return sign + formatted + (whole ? ".0" : "");
    }

    private static String fixed(BigDecimal magnitude, int precision, boolean alternate) {
        String digits = magnitude.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        return alternate && precision == 0 ? digits + "." : digits;
    }

    private static String exponential(BigDecimal magnitude, int precision, boolean alternate) {
        BigDecimal rounded = magnitude.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        String digits = rounded.unscaledValue().toString();
        int exponent = rounded.signum() == 0 ? 0 : digits.length() - 1 - rounded.scale();
        String padded = (digits + "0".repeat(Math.max(0, precision + 1 - digits.length()))).substring(0, precision + 1);
        String point = precision > 0 || alternate ? "." : "";
        return padded.charAt(0) + point + padded.substring(1) + exponent(exponent);
    }

    private static String exponent(int exponent) {
        int magnitude = Math.abs(exponent);
        return (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + magnitude;
    }

    /** Plain or with an exponent, whichever suits the number. */
    private static String general(BigDecimal magnitude, int precision, boolean alternate, int mostPlainDigits) {
        BigDecimal rounded = magnitude.round(new MathContext(precision, RoundingMode.HALF_EVEN));
        int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        boolean plain = exponent >= -4 && exponent < mostPlainDigits;
        String digits = plain
                ? fixed(rounded, Math.max(0, precision - 1 - exponent), alternate)
                : exponential(rounded, precision - 1, alternate);
        return alternate ? digits : withoutTrailingZeros(digits);
    }

    private static String withoutTrailingZeros(String digits) {
        int exponent = digits.indexOf('e');
        String mantissa = exponent < 0 ? digits : digits.substring(0, exponent);
        if (mantissa.indexOf('.') < 0) {
            return digits;
        }
        String cut = mantissa.replaceAll("\\.?0+$", "");
        return exponent < 0 ? cut : cut + digits.substring(exponent);
    }
}
