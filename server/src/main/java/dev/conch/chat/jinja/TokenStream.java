package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Token.Kind;
import java.util.List;

/** Tokens, one after the other, with a limit on how deeply what they say may be nested. */
final class TokenStream {
    /** Deeper trees than this are not found in templates; their evaluation would fill the stack. */
    private static final int MAX_NESTING = 200;

    private final List<Token> tokens;
    private int position;
    private int nesting;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(position);
    }

    Token next() {
        Token token = current();
        if (token.kind() != Kind.END_OF_SOURCE) {
            position++;
        }
        return token;
    }

    /** The token after the current one. */
    Token ahead() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    /** How many tokens were consumed. */
    int position() {
        return position;
    }

    /** Goes back to a position, to read what is there once more. */
    void seek(int earlier) {
        position = earlier;
    }

    boolean skipOperator(String operator) {
        return skip(current().isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(current().isName(name));
    }

    private boolean skip(boolean matches) {
        if (matches) {
            position++;
        }
        return matches;
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    Token expect(Kind kind, String what) {
        if (current().kind() != kind) {
            throw unexpected(what);
        }
        return next();
    }

    int line() {
        return current().line();
    }

    /** Goes one level deeper into the tree. */
    void enter() {
        if (++nesting > MAX_NESTING) {
            throw new TemplateSyntaxException("nested more than " + MAX_NESTING + " levels deep", line());
        }
    }

    void leave() {
        leave(1);
    }

    void leave(int levels) {
        nesting -= levels;
    }

    TemplateSyntaxException unexpected(String expected) {
        return new TemplateSyntaxException(
                "unexpected " + current().describe() + " (expected: " + expected + ")", line());
    }
}
