package dev.conch.chat.jinja;

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

    boolean holds(Value left, Value right, Budget budget) {
        return switch (this) {
            case EQUAL -> Weight.equal(left, right, budget);
            case NOT_EQUAL -> !Weight.equal(left, right, budget);
            case LESS -> compare("<", left, right, budget) < 0;
            case LESS_OR_EQUAL -> compare("<=", left, right, budget) <= 0;
            case GREATER -> compare(">", left, right, budget) > 0;
            case GREATER_OR_EQUAL -> compare(">=", left, right, budget) >= 0;
            case IN -> right.contains(left, budget);
            case NOT_IN -> !right.contains(left, budget);
        };
    }

    /** Python's order, for sorting. */
    static int order(Value left, Value right, Budget budget) {
        return compare("<", left, right, budget);
    }

    private static int compare(String symbol, Value left, Value right, Budget budget) {
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return Numeric.compare(a, b);
        }
        budget.steps(Weight.ofComparison(left, right));
        if (left instanceof Text a && right instanceof Text b) {
            return compareCharacters(a.string(), b.string());
        }
        if (left instanceof Sequence a && right instanceof Sequence b && a.isTuple() == b.isTuple()) {
            return compareElements(symbol, a, b, budget);
        }
        throw incomparable(symbol, left, right);
    }

    /** By code points, which UTF-16 units are not in the order of. */
    private static int compareCharacters(String left, String right) {
        int shorter = Math.min(left.length(), right.length());
        int at = 0;
        while (at < shorter && left.charAt(at) == right.charAt(at)) {
            at++;
        }
        if (at == shorter) {
            return Integer.compare(left.length(), right.length());
        }
        int from = at > 0 && Character.isHighSurrogate(left.charAt(at - 1)) ? at - 1 : at;
        return Integer.compare(left.codePointAt(from), right.codePointAt(from));
    }

    private static int compareElements(String symbol, Sequence left, Sequence right, Budget budget) {
        Iterator<Value> others = right.iterate();
        for (Value element : left.elements()) {
            if (!others.hasNext()) {
                return 1;
            }
            Value other = others.next();
            if (!element.equals(other)) {
                return compare(symbol, element, other, budget);
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
