package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** {@code True} or {@code False}, which are also 1 and 0. */
final class Bool implements Numeric {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);

    private final boolean value;

    private Bool(boolean value) {
        this.value = value;
    }

    static Bool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    @Override
    public String type() {
        return "bool";
    }

    @Override
    public boolean truthy() {
        return value;
    }

    @Override
    public void print(TextBuilder out) {
        out.append(value ? "True" : "False");
    }

    @Override
    public BigDecimal exact() {
        return value ? BigDecimal.ONE : BigDecimal.ZERO;
    }

    @Override
    public BigInteger whole() {
        return value ? BigInteger.ONE : BigInteger.ZERO;
    }

    @Override
    public double toDouble() {
        return value ? 1 : 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Numeric that && Numeric.compare(this, that) == 0;
    }

    @Override
    public int hashCode() {
        return value ? 1 : 0;
    }
}
