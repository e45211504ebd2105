package dev.conch.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of the compiled tree that has a value. Immutable; thread-safe. */
sealed interface Expression
        permits Expression.Constant,
                Expression.Variable,
                Expression.ListLiteral,
                Expression.TupleLiteral,
                Expression.DictLiteral,
                Expression.Member,
                Expression.Element,
                Expression.SliceOf,
                Expression.Call,
                Expression.FilterCall,
                Expression.TestCall,
                Expression.Not,
                Expression.And,
                Expression.Or,
                Expression.Conditional,
                Expression.SingleComparison,
                Expression.Comparison,
                Addition,
                Expression.Binary,
                Expression.Negation,
                Expression.Concatenation {

    Value evaluate(Scope scope);

    /** Appends what {@code str} makes of the value. */
    default void print(Scope scope, TextBuilder out) {
        evaluate(scope).print(out);
    }

    /** The value of an optional part; null if it was left out. */
    static @Nullable Value evaluateOptional(@Nullable Expression part, Scope scope) {
        return part == null ? null : part.evaluate(scope);
    }

    /** A value that is written in the template. */
    record Constant(Value value) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return value;
        }
    }

    /** A name. */
    record Variable(Reference reference, String name) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Value value = reference.read(scope);
            return value != null ? value : Undefined.variable(name);
        }
    }

    /** {@code [a, b]}. */
    record ListLiteral(List<Expression> elements) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return limited(Sequence.list(evaluateAll(elements, scope)), scope);
        }
    }

    /** {@code (a, b)}, or the same without parentheses. */
    record TupleLiteral(List<Expression> elements) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return limited(Sequence.tuple(evaluateAll(elements, scope)), scope);
        }
    }

    /** {@code {a: b}}. */
    record DictLiteral(List<Entry> entries) implements Expression {
        /** One key with its value. */
        record Entry(Expression key, Expression value) {}

        @Override
        public Value evaluate(Scope scope) {
            Map<Value, Value> values = LinkedHashMap.newLinkedHashMap(entries.size());
            for (Entry entry : entries) {
                Value key = Dict.requireHashable(entry.key.evaluate(scope));
                scope.budget().steps(key.weight() - 1);
                values.put(key, entry.value.evaluate(scope));
            }
            return limited(new Dict(values), scope);
        }
    }

    /** {@code owner.name}. */
    record Member(Expression owner, Text name) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return owner.evaluate(scope).member(name);
        }
    }

    /** {@code owner[key]}. */
    record Element(Expression owner, Expression key) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return owner.evaluate(scope).element(key.evaluate(scope));
        }
    }

    /** {@code owner[start:stop:step]}. */
    record SliceOf(
            Expression owner,
            @Nullable Expression start,
            @Nullable Expression stop,
            @Nullable Expression step) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Value sliced = owner.evaluate(scope);
            Value from = bound(start, scope);
            Value to = bound(stop, scope);
            Value by = bound(step, scope);
            return sliced.slice(index(from), index(to), index(by));
        }

        private static Value bound(@Nullable Expression expression, Scope scope) {
            return expression == null ? None.NONE : expression.evaluate(scope);
        }

        private static @Nullable Int index(Value bound) {
            return bound == None.NONE ? null : Arguments.asInteger("slice", bound);
        }
    }

    /** {@code callee(arguments)}. */
    record Call(Expression callee, ArgumentList arguments) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return call(callee.evaluate(scope), arguments.evaluate(scope), scope);
        }

        static Value call(Value callee, Arguments arguments, Scope scope) {
            return switch (callee) {
                case Function function -> function.call(arguments, scope.rendering());
                case Loop loop -> loop.call(arguments, scope);
                case Undefined undefined -> throw undefined.failure();
                default -> throw TemplateException.type("'" + callee.type() + "' object is not callable");
            };
        }
    }

    /** {@code input|filter(arguments)}. */
    record FilterCall(Expression input, Filter filter, ArgumentList arguments) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Value value = input.evaluate(scope);
            scope.budget().step();
            return filter.apply(value, arguments.evaluate(scope), scope.rendering());
        }
    }

    /** {@code input is test(arguments)}. */
    record TestCall(Expression input, ValueTest test, ArgumentList arguments) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return Bool.of(test.holds(input.evaluate(scope), arguments.evaluate(scope), scope.budget()));
        }
    }

    /** {@code not operand}. */
    record Not(Expression operand) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return Bool.of(!operand.evaluate(scope).truthy());
        }
    }

    /** {@code left and right}: one of the two values. */
    record And(Expression left, Expression right) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Value value = left.evaluate(scope);
            return value.truthy() ? right.evaluate(scope) : value;
        }
    }

    /** {@code left or right}: one of the two values. */
    record Or(Expression left, Expression right) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            Value value = left.evaluate(scope);
            return value.truthy() ? value : right.evaluate(scope);
        }
    }

    /** {@code then if condition else otherwise}. */
    record Conditional(
            Expression condition, Expression then, @Nullable Expression otherwise) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            if (condition.evaluate(scope).truthy()) {
                return then.evaluate(scope);
            }
            return otherwise != null
                    ? otherwise.evaluate(scope)
                    : Undefined.because("the inline if-expression evaluated to false and no else section was defined.");
        }
    }

    /** {@code left < right}. */
    record SingleComparison(Expression left, ComparisonOperator operator, Expression right) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return Bool.of(operator.holds(left.evaluate(scope), right.evaluate(scope), scope.budget()));
        }
    }

    /** {@code first < second < third}: all neighbours must compare. */
    record Comparison(Expression first, List<Step> steps) implements Expression {
        /** An operator and its right side. */
        record Step(ComparisonOperator operator, Expression right) {}

        @Override
        public Value evaluate(Scope scope) {
            Value left = first.evaluate(scope);
            for (Step step : steps) {
                Value right = step.right.evaluate(scope);
                if (!step.operator.holds(left, right, scope.budget())) {
                    return Bool.FALSE;
                }
                left = right;
            }
            return Bool.TRUE;
        }
    }

    /** {@code left + right} and its kin. */
    record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return operator.apply(left.evaluate(scope), right.evaluate(scope), scope.budget());
        }
    }

    /** {@code -operand}. */
    record Negation(Expression operand) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            return switch (operand.evaluate(scope)) {
                case Real real -> new Real(-real.value());
                case Numeric whole -> Int.of(whole.whole().negate());
                case Undefined undefined -> throw undefined.failure();
                case Value other ->
                    throw TemplateException.type("bad operand type for unary -: '" + other.type() + "'");
            };
        }
    }

    /** {@code a ~ b}: the strings of both. */
    record Concatenation(List<Expression> operands) implements Expression {
        @Override
        public Value evaluate(Scope scope) {
            TextBuilder out = new TextBuilder(scope.budget());
            print(scope, out);
            return out.toText();
        }

        @Override
        public void print(Scope scope, TextBuilder out) {
            for (Expression operand : operands) {
                operand.print(scope, out);
            }
        }
    }

    private static List<Value> evaluateAll(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        expressions.forEach(expression -> values.add(expression.evaluate(scope)));
        return values;
    }

    private static Value limited(Value value, Scope scope) {
        scope.budget().step();
        scope.budget().requireDepth(value.depth());
        return value;
    }
}
