package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** A floating-point number. */
record Real(double value) implements Numeric {

    @Override
    public String type() {
        return "float";
    }

    @Override
    public boolean truthy() {
        return value != 0;
    }

    @Override
    public void print(TextBuilder out) {
        out.append(pythonRepr());
    }

    /**
     * The shortest digits that read back as this number, as Python writes them: plain from 1e-4 to below 1e16, with an exponent of at
     * least two digits elsewhere.
     */
    String pythonRepr() {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value > 0 ? "0.0" : "-0.0";
        }
        BigDecimal shortest = shortest();
        int exponent = shortest.precision() - shortest.scale() - 1;
        return exponent >= -4 && exponent < 16 ? plain(shortest) : scientific(shortest, exponent);
    }

    /** Java's shortest digits, which are never fewer than two. */
    private BigDecimal shortest() {
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal oneDigit = digits.round(new MathContext(1));
        return oneDigit.doubleValue() == value ? oneDigit : digits;
    }

    private static String plain(BigDecimal number) {
        return number.scale() <= 0 ? number.toPlainString() + ".0" : number.toPlainString();
    }

    private static String scientific(BigDecimal number, int exponent) {
        String digits = number.unscaledValue().abs().toString();
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String sign = number.signum() < 0 ? "-" : "";
        return sign
                + digits.charAt(0)
                + fraction
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    @Override
    public BigDecimal exact() {
        return new BigDecimal(value);
    }

    @Override
    public double toDouble() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (Double.isNaN(value)) {
            return false;
        }
        return other instanceof Numeric that && Numeric.compare(this, that) == 0;
    }

    @Override
    public int hashCode() {
        boolean whole = Double.isFinite(value) && value == Math.rint(value);
        return whole ? Int.of(exact().toBigInteger()).hashCode() : Double.hashCode(value);
    }
}
