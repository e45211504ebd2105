package dev.conch.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What Python's numbers can be asked. */
final class NumberMethods {
    private NumberMethods() {}

    /** An attribute or a method of a number; null if it has none of that name. A bool is asked as the integer that it is. */
    static @Nullable Value find(Numeric number, String name) {
        return number instanceof Real real ? ofReal(real, name) : ofWhole(number.whole(), name);
    }

    private static @Nullable Value ofReal(Real number, String name) {
        return switch (name) {
            case "real" -> number;
            case "imag" -> new Real(0);
            case "conjugate" -> method(name, () -> number);
            case "is_integer" -> method(name, () -> Bool.of(isWhole(number.value())));
            case "as_integer_ratio" -> method(name, () -> ratio(number));
            default -> null;
        };
    }

    private static @Nullable Value ofWhole(BigInteger number, String name) {
        return switch (name) {
            case "real", "numerator" -> Int.of(number);
            case "imag" -> Int.of(0);
            case "denominator" -> Int.of(1);
            case "conjugate" -> method(name, () -> Int.of(number));
            case "bit_length" -> method(name, () -> Int.of(number.abs().bitLength()));
            case "bit_count" -> method(name, () -> Int.of(number.abs().bitCount()));
            case "as_integer_ratio" -> method(name, () -> pair(number, BigInteger.ONE));
            default -> null;
        };
    }

    private static Function method(String name, Supplier<Value> result) {
        return Function.method(name, (arguments, _) -> arguments.none(name, result.get()));
    }

    private static boolean isWhole(double value) {
        return Double.isFinite(value) && value == Math.rint(value);
    }

    private static Value ratio(Real number) {
        if (!Double.isFinite(number.value())) {
            throw new TemplateException("OverflowError: cannot convert " + number.pythonRepr() + " to integer ratio");
        }
        BigDecimal exact = number.exact().stripTrailingZeros();
        BigInteger denominator = BigInteger.TEN.pow(Math.max(0, exact.scale()));
        BigInteger numerator = exact.multiply(new BigDecimal(denominator)).toBigInteger();
        BigInteger common = numerator.gcd(denominator);
        return pair(numerator.divide(common), denominator.divide(common));
    }

    private static Value pair(BigInteger numerator, BigInteger denominator) {
        return Sequence.tuple(List.of(Int.of(numerator), Int.of(denominator)));
    }
}
