package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A number. A bool is one too. */
sealed interface Numeric extends Value permits Bool, Int, Real {

    /** Exact, unless it is infinite or not a number, where it throws {@link ArithmeticException}. */
    BigDecimal exact();

    double toDouble();

    /** The number itself if it is whole by type: a bool counts 0 or 1. */
    default BigInteger whole() {
        throw TemplateException.type("'" + type() + "' object cannot be interpreted as an integer");
    }

    @Override
    default @Nullable Value attribute(String name) {
        return NumberMethods.find(this, name);
    }

    /** Python's order of numbers, which is exact between int and float. */
    static int compare(Numeric left, Numeric right) {
        if (Int.areSmall(left, right)) {
            return Long.compare(((Int) left).small(), ((Int) right).small());
        }
        return isFinite(left) && isFinite(right)
                ? left.exact().compareTo(right.exact())
                : Double.compare(left.toDouble(), right.toDouble());
    }

    private static boolean isFinite(Numeric number) {
        return !(number instanceof Real) || Double.isFinite(number.toDouble());
    }
}
