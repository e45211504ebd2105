package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Expression.Binary;
import dev.conch.chat.jinja.Expression.Comparison;
import dev.conch.chat.jinja.Expression.Constant;
import dev.conch.chat.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Parses expressions by recursive descent, from the loosest binding to the tightest: {@code if-else}, {@code or}, {@code and},
 * {@code not}, comparisons, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, signs. What follows an operand binds tighter still; see
 * {@link PostfixParser}.
 */
final class ExpressionParser {
    private static final Map<String, ComparisonOperator> COMPARISONS = Map.of(
            "==", ComparisonOperator.EQUAL,
            "!=", ComparisonOperator.NOT_EQUAL,
            "<", ComparisonOperator.LESS,
            "<=", ComparisonOperator.LESS_OR_EQUAL,
            ">", ComparisonOperator.GREATER,
            ">=", ComparisonOperator.GREATER_OR_EQUAL);
    private static final Map<String, BinaryOperator> SUMS =
            Map.of("+", BinaryOperator.ADD, "-", BinaryOperator.SUBTRACT);
    private static final Map<String, BinaryOperator> PRODUCTS = Map.of(
            "*", BinaryOperator.MULTIPLY,
            "/", BinaryOperator.DIVIDE,
            "//", BinaryOperator.FLOOR_DIVIDE,
            "%", BinaryOperator.MODULO);
    private static final Map<String, BinaryOperator> POWERS = Map.of("**", BinaryOperator.POWER);

    private final TokenStream tokens;
    private final Symbols symbols;
    private final PostfixParser postfixes;
    private final LiteralParser literals;

    ExpressionParser(TokenStream tokens, Symbols symbols) {
        this.tokens = tokens;
        this.symbols = symbols;
        postfixes = new PostfixParser(tokens, symbols, this);
        literals = new LiteralParser(tokens, symbols, this);
    }

    /** Any expression but a tuple without parentheses. */
    Expression expression() {
        tokens.enter();
        int unknowns = symbols.unknowns();
        Expression expression = or();
        while (tokens.skipName("if")) {
            Expression condition = or();
            Expression otherwise = tokens.skipName("else") ? expression() : null;
            expression = new Expression.Conditional(condition, expression, otherwise);
            symbols.tolerateUnknownsSince(unknowns);
        }
        tokens.leave();
        return expression;
    }

    /** An expression, or several with commas between them, which make a tuple. */
    Expression tuple() {
        return tuple(this::expression, Set.of());
    }

    /** The same without {@code if-else} at its top, up to a name that ends it. */
    Expression tupleWithoutCondition(String... ends) {
        return tuple(this::or, Set.of(ends));
    }

    private Expression tuple(Supplier<Expression> element, Set<String> ends) {
        Expression first = element.get();
        if (!tokens.current().isOperator(",")) {
            return first;
        }
        List<Expression> elements = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple(ends)) {
            elements.add(element.get());
        }
        return new Expression.TupleLiteral(List.copyOf(elements));
    }

    private boolean endsTuple(Set<String> ends) {
        Token token = tokens.current();
        return token.kind() == Kind.OUTPUT_END
                || token.kind() == Kind.STATEMENT_END
                || token.isOperator(")")
                || (token.kind() == Kind.NAME && ends.contains(token.text()));
    }

    /** A filter chain that is not written after an operand, as in a {@code filter} statement. */
    Statement.Filtering filtering() {
        return postfixes.filtering();
    }

    /** An operand with what follows it, as the argument of a test is written without parentheses. */
    Expression operand() {
        return postfixes.afterOperand(literals.primary());
    }

    private Expression or() {
        Expression left = and();
        int levels = 0;
        for (; tokens.skipName("or"); levels++) {
            tokens.enter();
            left = new Expression.Or(left, and());
        }
        tokens.leave(levels);
        return left;
    }

    private Expression and() {
        Expression left = not();
        int levels = 0;
        for (; tokens.skipName("and"); levels++) {
            tokens.enter();
            left = new Expression.And(left, not());
        }
        tokens.leave(levels);
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        tokens.enter();
        Expression operand = not();
        tokens.leave();
        return new Expression.Not(operand);
    }

    private Expression comparison() {
        Expression first = sum();
        List<Comparison.Step> steps = new ArrayList<>();
        for (ComparisonOperator operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            steps.add(new Comparison.Step(operator, sum()));
        }
        if (steps.size() == 1) {
            return new Expression.SingleComparison(
                    first, steps.getFirst().operator(), steps.getFirst().right());
        }
        return steps.isEmpty() ? first : new Comparison(first, List.copyOf(steps));
    }

    private @Nullable ComparisonOperator comparisonOperator() {
        if (tokens.skipName("in")) {
            return ComparisonOperator.IN;
        }
        if (tokens.current().isName("not") && tokens.ahead().isName("in")) {
            tokens.next();
            tokens.next();
            return ComparisonOperator.NOT_IN;
        }
        return operator(COMPARISONS);
    }

    private <T> @Nullable T operator(Map<String, T> operators) {
        Token token = tokens.current();
        T operator = token.kind() == Kind.OPERATOR ? operators.get(token.text()) : null;
        if (operator != null) {
            tokens.next();
        }
        return operator;
    }

    private Expression sum() {
        return binary(SUMS, this::concatenation);
    }

    private Expression concatenation() {
        Expression first = product();
        if (!tokens.current().isOperator("~")) {
            return first;
        }
        List<Expression> operands = new ArrayList<>(List.of(first));
        while (tokens.skipOperator("~")) {
            operands.add(product());
        }
        return new Expression.Concatenation(List.copyOf(operands));
    }

    private Expression product() {
        return binary(PRODUCTS, this::power);
    }

    private Expression power() {
        return binary(POWERS, () -> signed(true));
    }

    private Expression binary(Map<String, BinaryOperator> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        int levels = 0;
        for (BinaryOperator operator = operator(operators);
                operator != null;
                operator = operator(operators), levels++) {
            tokens.enter();
            left = operator == BinaryOperator.ADD
                    ? Addition.of(left, operand.get())
                    : new Binary(operator, left, operand.get());
        }
        tokens.leave(levels);
        return left;
    }

    /** A sign binds tighter than a filter after the operand. */
    private Expression signed(boolean withFilters) {
        tokens.enter();
        Expression operand = unfiltered();
        tokens.leave();
        return withFilters ? postfixes.filtersAndTests(operand) : operand;
    }

    private Expression unfiltered() {
        if (tokens.skipOperator("-")) {
            return postfixes.afterOperand(new Expression.Negation(signed(false)));
        }
        if (tokens.skipOperator("+")) {
            return postfixes.afterOperand(
                    new Binary(BinaryOperator.ADD, new Constant(Int.of(BigInteger.ZERO)), signed(false)));
        }
        return operand();
    }
}
