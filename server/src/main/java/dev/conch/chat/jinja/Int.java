package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** An integer of any size. */
final class Int implements Numeric {
    private static final int CACHED = 256;
    private static final Int[] CACHE = cache();

    private final long value;
    /** The value, if it does not fit into a long. */
    private final @Nullable BigInteger big;

    private Int(long value, @Nullable BigInteger big) {
        this.value = value;
        this.big = big;
    }

    private static Int[] cache() {
        Int[] cache = new Int[CACHED];
        for (int i = 0; i < CACHED; i++) {
            cache[i] = new Int(i, null);
        }
        return cache;
    }

    static Int of(long value) {
        return value >= 0 && value < CACHED ? CACHE[(int) value] : new Int(value, null);
    }

    static Int of(BigInteger value) {
        return value.bitLength() < Long.SIZE ? of(value.longValue()) : new Int(0, value);
    }

    /** Whether this and another number are integers that fit into a long. */
    static boolean areSmall(Value left, Value right) {
        return left instanceof Int a && right instanceof Int b && a.big == null && b.big == null;
    }

    /** The value of one that fits into a long. */
    long small() {
        return value;
    }

    /** As a count or an index; values beyond are cut to the nearest int, which no text or list reaches. */
    int clamped() {
        if (big != null) {
            return big.signum() * Integer.MAX_VALUE;
        }
        return (int) Math.clamp(value, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Override
    public String type() {
        return "int";
    }

    @Override
    public boolean truthy() {
        return value != 0 || big != null;
    }

    @Override
    public void print(TextBuilder out) {
        out.append(toString());
    }

    @Override
    public BigDecimal exact() {
        return big == null ? BigDecimal.valueOf(value) : new BigDecimal(big);
    }

    @Override
    public BigInteger whole() {
        return big == null ? BigInteger.valueOf(value) : big;
    }

    @Override
    public double toDouble() {
        return big == null ? value : big.doubleValue();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other instanceof Int that) {
            return value == that.value && (big == null ? that.big == null : big.equals(that.big));
        }
        return other instanceof Numeric number && Numeric.compare(this, number) == 0;
    }

    @Override
    public int hashCode() {
        return big == null ? Long.hashCode(value) : big.hashCode();
    }

    @Override
    public String toString() {
        return big == null ? Long.toString(value) : big.toString();
    }
}
