package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Expression.Constant;
import dev.conch.chat.jinja.Statement.Filtering;
import dev.conch.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses what follows an operand: {@code .name}, {@code [key]}, {@code (arguments)}, {@code |filter}, {@code is test}. */
final class PostfixParser {
    private static final Set<Kind> ARGUMENT_BEGINS = Set.of(Kind.NAME, Kind.STRING, Kind.INTEGER, Kind.FLOAT);
    private static final Set<String> NO_ARGUMENTS = Set.of("else", "or", "and");

    private final TokenStream tokens;
    private final Symbols symbols;
    private final ExpressionParser expressions;

    PostfixParser(TokenStream tokens, Symbols symbols, ExpressionParser expressions) {
        this.tokens = tokens;
        this.symbols = symbols;
        this.expressions = expressions;
    }

    /** Attributes, items and calls. */
    Expression afterOperand(Expression operand) {
        Expression result = operand;
        int levels = 0;
        for (; tokens.current().kind() == Kind.OPERATOR; levels++) {
            tokens.enter();
            Expression next = switch (tokens.current().text()) {
                case "." -> member(result);
                case "[" -> element(result);
                case "(" -> new Expression.Call(result, arguments());
                default -> null;
            };
            if (next == null) {
                tokens.leave();
                break;
            }
            result = next;
        }
        tokens.leave(levels);
        return result;
    }

    /** Filters and tests, and calls of what they give. */
    Expression filtersAndTests(Expression operand) {
        Expression result = operand;
        int levels = 0;
        while (true) {
            tokens.enter();
            levels++;
            if (tokens.skipOperator("|")) {
                Filtering.Step step = filter();
                result = new Expression.FilterCall(result, step.filter(), step.arguments());
            } else if (tokens.skipName("is")) {
                result = test(result);
            } else if (tokens.current().isOperator("(")) {
                result = new Expression.Call(result, arguments());
            } else {
                tokens.leave(levels);
                return result;
            }
        }
    }

    Filtering filtering() {
        List<Filtering.Step> steps = new ArrayList<>();
        do {
            steps.add(filter());
        } while (tokens.skipOperator("|"));
        return new Filtering(List.copyOf(steps));
    }

    private Filtering.Step filter() {
        int line = tokens.line();
        String name = dottedName("the name of a filter");
        boolean known = Filter.Registry.has(name);
        if (!known) {
            symbols.unknown(new TemplateSyntaxException("no filter named '" + name + "'", line));
        }
        Filter filter = known ? Filter.Registry.find(name) : failingFilter(name);
        return new Filtering.Step(filter, optionalArguments());
    }

    /** What is unknown under a condition fails only if it is reached. */
    private static Filter failingFilter(String name) {
        return (_, _, _) -> {
            throw new TemplateException("no filter named '" + name + "' found");
        };
    }

    private static ValueTest failingTest(String name) {
        return (_, _, _) -> {
            throw new TemplateException("no test named '" + name + "' found");
        };
    }

    private Expression test(Expression operand) {
        boolean negated = tokens.skipName("not");
        int line = tokens.line();
        String name = dottedName("the name of a test");
        boolean known = ValueTest.Registry.has(name);
        if (!known) {
            symbols.unknown(new TemplateSyntaxException("no test named '" + name + "'", line));
        }
        ValueTest test = known ? ValueTest.Registry.find(name) : failingTest(name);
        Expression result = new Expression.TestCall(operand, test, testArguments());
        return negated ? new Expression.Not(result) : result;
    }

    private String dottedName(String what) {
        StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME, what).text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME, what).text());
        }
        return name.toString();
    }

    /** A test may have one argument without parentheses: {@code x is divisibleby 3}. */
    private ArgumentList testArguments() {
        Token token = tokens.current();
        if (token.isName("is")) {
            throw tokens.unexpected("only one test after a value");
        }
        boolean begins = ARGUMENT_BEGINS.contains(token.kind()) || token.isOperator("[") || token.isOperator("{");
        if (begins && !(token.kind() == Kind.NAME && NO_ARGUMENTS.contains(token.text()))) {
            return new ArgumentList(List.of(expressions.operand()), Map.of(), null, null);
        }
        return optionalArguments();
    }

    private Expression member(Expression owner) {
        tokens.expectOperator(".");
        if (tokens.current().kind() == Kind.INTEGER) {
            Int index = Int.of(Long.parseLong(tokens.next().text()));
            return new Expression.Element(owner, new Constant(index));
        }
        return new Expression.Member(
                owner, Text.of(tokens.expect(Kind.NAME, "a name").text()));
    }

    private Expression element(Expression owner) {
        tokens.expectOperator("[");
        Expression start = tokens.current().isOperator(":") ? null : expressions.tuple();
        Expression element;
        if (tokens.skipOperator(":")) {
            Expression stop = bound();
            element = new Expression.SliceOf(owner, start, stop, tokens.skipOperator(":") ? bound() : null);
        } else if (start != null) {
            element = new Expression.Element(owner, start);
        } else {
            throw tokens.unexpected("an index");
        }
        tokens.expectOperator("]");
        return element;
    }

    private @Nullable Expression bound() {
        boolean absent = tokens.current().isOperator(":") || tokens.current().isOperator("]");
        return absent ? null : expressions.expression();
    }

    private ArgumentList optionalArguments() {
        return tokens.current().isOperator("(") ? arguments() : ArgumentList.NONE;
    }

    ArgumentList arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<Text, Expression> named = new LinkedHashMap<>();
        Expression star = null;
        Expression doubleStar = null;
        for (boolean first = true; !tokens.skipOperator(")"); first = false) {
            if (!first) {
                tokens.expectOperator(",");
                if (tokens.skipOperator(")")) {
                    break;
                }
            }
            if (star == null && tokens.skipOperator("*")) {
                star = expressions.expression();
            } else if (doubleStar == null && tokens.skipOperator("**")) {
                doubleStar = expressions.expression();
            } else {
                argument(positional, named);
            }
        }
        boolean empty = positional.isEmpty() && named.isEmpty() && star == null && doubleStar == null;
        return empty ? ArgumentList.NONE : new ArgumentList(List.copyOf(positional), named, star, doubleStar);
    }

    private void argument(List<Expression> positional, Map<Text, Expression> named) {
        if (tokens.current().kind() == Kind.NAME && tokens.ahead().isOperator("=")) {
            String name = tokens.next().text();
            tokens.expectOperator("=");
            if (named.put(Text.of(name), expressions.expression()) != null) {
                throw new TemplateSyntaxException("keyword argument repeated: " + name, tokens.line());
            }
        } else if (named.isEmpty()) {
            positional.add(expressions.expression());
        } else {
            throw tokens.unexpected("a keyword argument");
        }
    }
}
