package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** An integer of any size. */
final class Int implements Numeric {
    private final BigInteger value;

    private Int(BigInteger value) {
        this.value = value;
    }

    static Int of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    static Int of(BigInteger value) {
        return new Int(value);
    }

    /** As a count or an index; values beyond are cut to the nearest int, which no text or list reaches. */
    int clamped() {
        return value.bitLength() < Integer.SIZE ? value.intValue() : value.signum() * Integer.MAX_VALUE;
    }

    @Override
    public String type() {
        return "int";
    }

    @Override
    public boolean truthy() {
        return value.signum() != 0;
    }

    @Override
    public void print(TextBuilder out) {
        out.append(value.toString());
    }

    @Override
    public BigDecimal exact() {
        return new BigDecimal(value);
    }

    @Override
    public BigInteger whole() {
        return value;
    }

    @Override
    public double toDouble() {
        return value.doubleValue();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Int that
                ? value.equals(that.value)
                : other instanceof Numeric number && Numeric.compare(this, number) == 0;
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
