package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Expression.Constant;
import dev.conch.chat.jinja.Expression.DictLiteral;
import dev.conch.chat.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Parses what an expression is made of: names, constants, lists, tuples, dicts, and expressions in parentheses. */
final class LiteralParser {
    private final TokenStream tokens;
    private final Symbols symbols;
    private final ExpressionParser expressions;

    LiteralParser(TokenStream tokens, Symbols symbols, ExpressionParser expressions) {
        this.tokens = tokens;
        this.symbols = symbols;
        this.expressions = expressions;
    }

    Expression primary() {
        Token token = tokens.current();
        return switch (token.kind()) {
            case NAME -> name(tokens.next().text());
            case STRING -> string();
            case INTEGER -> new Constant(Int.of(integer(tokens.next().text())));
            case FLOAT -> new Constant(new Real(Double.parseDouble(tokens.next().text())));
            case OPERATOR -> bracketed(token);
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expression name(String name) {
        return switch (name) {
            case "true", "True" -> new Constant(Bool.TRUE);
            case "false", "False" -> new Constant(Bool.FALSE);
            case "none", "None" -> new Constant(None.NONE);
            default -> variable(name);
        };
    }

    private Expression.Variable variable(String name) {
        return new Expression.Variable(symbols.load(name), name);
    }

    /** Strings that stand next to each other are one. */
    private Expression string() {
        StringBuilder string = new StringBuilder();
        while (tokens.current().kind() == Kind.STRING) {
            string.append(tokens.next().text());
        }
        return new Constant(Text.of(string.toString()));
    }

    private static BigInteger integer(String digits) {
        String prefix = digits.length() > 2 ? digits.substring(0, 2).toLowerCase(Locale.ROOT) : "";
        return switch (prefix) {
            case "0x" -> new BigInteger(digits.substring(2), 16);
            case "0o" -> new BigInteger(digits.substring(2), 8);
            case "0b" -> new BigInteger(digits.substring(2), 2);
            default -> new BigInteger(digits);
        };
    }

    private Expression bracketed(Token token) {
        return switch (token.text()) {
            case "(" -> parenthesized();
            case "[" -> list();
            case "{" -> dict();
            default -> throw tokens.unexpected("an expression");
        };
    }

    private Expression parenthesized() {
        tokens.expectOperator("(");
        if (tokens.skipOperator(")")) {
            return new Expression.TupleLiteral(List.of());
        }
        Expression inner = expressions.tuple();
        tokens.expectOperator(")");
        return inner;
    }

    private Expression list() {
        tokens.expectOperator("[");
        List<Expression> elements = new ArrayList<>();
        while (!tokens.skipOperator("]")) {
            if (!elements.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("]")) {
                    break;
                }
            }
            elements.add(expressions.expression());
        }
        return new Expression.ListLiteral(List.copyOf(elements));
    }

    private Expression dict() {
        tokens.expectOperator("{");
        List<DictLiteral.Entry> entries = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            if (!entries.isEmpty()) {
                tokens.expectOperator(",");
                if (tokens.skipOperator("}")) {
                    break;
                }
            }
            Expression key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(new DictLiteral.Entry(key, expressions.expression()));
        }
        return new DictLiteral(List.copyOf(entries));
    }
}
