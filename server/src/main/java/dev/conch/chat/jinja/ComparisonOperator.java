package dev.conch.chat.jinja;

import java.util.Arrays;
import java.util.Iterator;

/** How two values are compared. */
enum ComparisonOperator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    IN,
    NOT_IN;

    boolean holds(Value left, Value right) {
        return switch (this) {
            case EQUAL -> left.equals(right);
            case NOT_EQUAL -> !left.equals(right);
            case LESS -> compare("<", left, right) < 0;
            case LESS_OR_EQUAL -> compare("<=", left, right) <= 0;
            case GREATER -> compare(">", left, right) > 0;
            case GREATER_OR_EQUAL -> compare(">=", left, right) >= 0;
            case IN -> right.contains(left);
            case NOT_IN -> !right.contains(left);
        };
    }

    /** Python's order, for sorting. */
    static int order(Value left, Value right) {
        return compare("<", left, right);
    }

    private static int compare(String symbol, Value left, Value right) {
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return Numeric.compare(a, b);
        }
        if (left instanceof Text a && right instanceof Text b) {
            return Arrays.compare(
                    a.string().codePoints().toArray(), b.string().codePoints().toArray());
        }
        if (left instanceof Sequence a && right instanceof Sequence b && a.isTuple() == b.isTuple()) {
            return compareElements(symbol, a, b);
        }
        throw incomparable(symbol, left, right);
    }

    private static int compareElements(String symbol, Sequence left, Sequence right) {
        Iterator<Value> others = right.iterate();
        for (Value element : left.elements()) {
            if (!others.hasNext()) {
                return 1;
            }
            Value other = others.next();
            if (!element.equals(other)) {
                return compare(symbol, element, other);
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static TemplateException incomparable(String symbol, Value left, Value right) {
        if (left instanceof Undefined undefined) {
            return undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            return undefined.failure();
        }
        return TemplateException.type(
                "'" + symbol + "' not supported between instances of '" + left.type() + "' and '" + right.type() + "'");
    }
}
