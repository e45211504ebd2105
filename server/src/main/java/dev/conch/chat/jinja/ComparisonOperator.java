package dev.conch.chat.jinja;

import java.util.Arrays;
import java.util.Iterator;

/** How two values are compared. */
enum ComparisonOperator {
    EQUAL("==") {
        @Override
        boolean holds(Value left, Value right) {
            return left.equals(right);
        }
    },
    NOT_EQUAL("!=") {
        @Override
        boolean holds(Value left, Value right) {
            return !left.equals(right);
        }
    },
    LESS("<") {
        @Override
        boolean holds(Value left, Value right) {
            return compare(this, left, right) < 0;
        }
    },
    LESS_OR_EQUAL("<=") {
        @Override
        boolean holds(Value left, Value right) {
            return compare(this, left, right) <= 0;
        }
    },
    GREATER(">") {
        @Override
        boolean holds(Value left, Value right) {
            return compare(this, left, right) > 0;
        }
    },
    GREATER_OR_EQUAL(">=") {
        @Override
        boolean holds(Value left, Value right) {
            return compare(this, left, right) >= 0;
        }
    },
    IN("in") {
        @Override
        boolean holds(Value left, Value right) {
            return right.contains(left);
        }
    },
    NOT_IN("not in") {
        @Override
        boolean holds(Value left, Value right) {
            return !right.contains(left);
        }
    };

    private final String symbol;

    ComparisonOperator(String symbol) {
        this.symbol = symbol;
    }

    abstract boolean holds(Value left, Value right);

    /** Python's order, for sorting. */
    static int order(Value left, Value right) {
        return compare(LESS, left, right);
    }

    private static int compare(ComparisonOperator operator, Value left, Value right) {
        if (left instanceof Numeric a && right instanceof Numeric b) {
            return Numeric.compare(a, b);
        }
        if (left instanceof Text a && right instanceof Text b) {
            return Arrays.compare(
                    a.string().codePoints().toArray(), b.string().codePoints().toArray());
        }
        if (left instanceof Sequence a && right instanceof Sequence b && a.isTuple() == b.isTuple()) {
            return compareElements(operator, a, b);
        }
        throw incomparable(operator, left, right);
    }

    private static int compareElements(ComparisonOperator operator, Sequence left, Sequence right) {
        Iterator<Value> others = right.iterate();
        for (Value element : left.elements()) {
            if (!others.hasNext()) {
                return 1;
            }
            Value other = others.next();
            if (!element.equals(other)) {
                return compare(operator, element, other);
            }
        }
        return others.hasNext() ? -1 : 0;
    }

    private static TemplateException incomparable(ComparisonOperator operator, Value left, Value right) {
        if (left instanceof Undefined undefined) {
            return undefined.failure();
        }
        if (right instanceof Undefined undefined) {
            return undefined.failure();
        }
        return TemplateException.type("'" + operator.symbol + "' not supported between instances of '" + left.type()
                + "' and '" + right.type() + "'");
    }
}
