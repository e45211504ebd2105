package dev.conch.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Arithmetic, and what Python has made of its signs for texts and lists. */
enum BinaryOperator {
    ADD("+") {
        @Override
        Value apply(Value left, Value right, Budget budget) {
            if (left instanceof Text a && right instanceof Text b) {
                return Markup.add(a, b, budget);
            }
            if (left instanceof Sequence a && right instanceof Sequence b && a.isTuple() == b.isTuple()) {
                return joined(a, b, budget);
            }
            return numeric(left, right);
        }

        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            return left.add(right);
        }

        @Override
        double real(double left, double right) {
            return left + right;
        }
    },
    SUBTRACT("-") {
        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            return left.subtract(right);
        }

        @Override
        double real(double left, double right) {
            return left - right;
        }
    },
    MULTIPLY("*") {
        @Override
        Value apply(Value left, Value right, Budget budget) {
            if (left instanceof Text || left instanceof Sequence) {
                return repeated(left, right, budget);
            }
            if (right instanceof Text || right instanceof Sequence) {
                return repeated(right, left, budget);
            }
            return numeric(left, right);
        }

        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            requireSize((long) left.bitLength() + right.bitLength());
            return left.multiply(right);
        }

        @Override
        double real(double left, double right) {
            return left * right;
        }
    },
    DIVIDE("/") {
        @Override
        Value numeric(Numeric left, Numeric right) {
            return new Real(real(left.toDouble(), nonZero(right).toDouble()));
        }

        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            throw new AssertionError("always a float");
        }

        @Override
        double real(double left, double right) {
            return left / right;
        }
    },
    FLOOR_DIVIDE("//") {
        @Override
        Value numeric(Numeric left, Numeric right) {
            return super.numeric(left, nonZero(right));
        }

        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            BigInteger[] parts = left.divideAndRemainder(right);
            boolean inexact = parts[1].signum() != 0 && parts[1].signum() != right.signum();
            return inexact ? parts[0].subtract(BigInteger.ONE) : parts[0];
        }

        @Override
        double real(double left, double right) {
            double remainder = left % right;
            double quotient = (left - remainder) / right;
            if (remainder != 0 && (right < 0) != (remainder < 0)) {
                quotient -= 1;
            }
            if (quotient == 0) {
                return Math.copySign(0.0, left / right);
            }
            double floor = Math.floor(quotient);
            return quotient - floor > 0.5 ? floor + 1 : floor;
        }
    },
    MODULO("%") {
        @Override
        Value apply(Value left, Value right, Budget budget) {
            return left instanceof Text format ? PercentFormat.apply(format, right, budget) : numeric(left, right);
        }

        @Override
        Value numeric(Numeric left, Numeric right) {
            return super.numeric(left, nonZero(right));
        }

        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            BigInteger remainder = left.remainder(right);
            return remainder.signum() != 0 && remainder.signum() != right.signum() ? remainder.add(right) : remainder;
        }

        @Override
        double real(double left, double right) {
            double remainder = left % right;
            return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
        }
    },
    POWER("**") {
        @Override
        Value numeric(Numeric left, Numeric right) {
            boolean fraction = !(right instanceof Real) && right.whole().signum() < 0;
            return fraction ? new Real(real(left.toDouble(), right.toDouble())) : super.numeric(left, right);
        }

        @Override
        BigInteger whole(BigInteger left, BigInteger right) {
            int exponent = Int.of(right).clamped();
            requireSize((long) left.bitLength() * exponent);
            return left.pow(exponent);
        }

        @Override
        double real(double left, double right) {
            double power = Math.pow(left, right);
            if (left == 0 && right < 0) {
                throw new TemplateException("ZeroDivisionError: 0.0 cannot be raised to a negative power");
            }
            boolean finite = Double.isFinite(left) && Double.isFinite(right);
            if (finite && !Double.isFinite(power)) {
                throw new TemplateException("OverflowError: numerical result out of range or complex");
            }
            return power;
        }
    };

    private static final int MAX_INTEGER_BITS = 1 << 16;

    private final String symbol;

    BinaryOperator(String symbol) {
        this.symbol = symbol;
    }

    Value apply(Value left, Value right, Budget budget) {
        return numeric(left, right);
    }

    abstract BigInteger whole(BigInteger left, BigInteger right);

    abstract double real(double left, double right);

    Value numeric(Value left, Value right) {
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return numeric(a, b);
        }
        throw unsupported(left, right);
    }

    Value numeric(Numeric left, Numeric right) {
        return left instanceof Real || right instanceof Real
                ? new Real(real(left.toDouble(), right.toDouble()))
                : Int.of(whole(left.whole(), right.whole()));
    }

    private TemplateException unsupported(Value left, Value right) {
        if (left instanceof Undefined undefined) {
            return undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            return undefined.failure();
        }
        return TemplateException.type(
                "unsupported operand type(s) for " + symbol + ": '" + left.type() + "' and '" + right.type() + "'");
    }

    private static Numeric nonZero(Numeric divisor) {
        if (!divisor.truthy()) {
            throw new TemplateException("ZeroDivisionError: division by zero");
        }
        return divisor;
    }

    private static void requireSize(long bits) {
        if (bits > MAX_INTEGER_BITS) {
            throw new TemplateLimitException("bits of an integer", MAX_INTEGER_BITS);
        }
    }

    private static Value joined(Sequence left, Sequence right, Budget budget) {
        budget.steps((long) left.length() + right.length());
        List<Value> both = new ArrayList<>(left.elements());
        both.addAll(right.elements());
        return left.isTuple() ? Sequence.tuple(both) : Sequence.list(both);
    }

    Value repeated(Value repeatable, Value times, Budget budget) {
        if (!(times instanceof Int || times instanceof Bool)) {
            throw unsupported(repeatable, times);
        }
        if (((Numeric) times).whole().bitLength() >= Long.SIZE) {
            throw new TemplateException("OverflowError: cannot fit 'int' into an index-sized integer");
        }
        int count = Math.max(0, Arguments.asInteger(symbol, times).clamped());
        return repeatable instanceof Text text
                ? repeated(text, count, budget)
                : repeated((Sequence) repeatable, count, budget);
    }

    private static Text repeated(Text text, int count, Budget budget) {
        budget.build((long) text.string().length() * count);
        TextBuilder out = new TextBuilder(budget);
        for (int i = 0; i < count && !text.isEmpty(); i++) {
            out.append(text);
        }
        return out.toText().asMarkup(text.markup());
    }

    private static Sequence repeated(Sequence sequence, int count, Budget budget) {
        budget.steps((long) sequence.length() * count);
        List<Value> elements = new ArrayList<>();
        for (List<Value> copy : Collections.nCopies(sequence.elements().isEmpty() ? 0 : count, sequence.elements())) {
            elements.addAll(copy);
        }
        return sequence.isTuple() ? Sequence.tuple(elements) : Sequence.list(elements);
    }
}
