package dev.conch.chat.jinja;

/**
 * A piece of a template's source.
 *
 * @param text template text; the value of a string; a name; digits; an operator
 * @param line where it begins, counted from 1
 */
record Token(Kind kind, String text, int line) {

    /** What a token is. */
    enum Kind {
        /** Text outside of all tags. */
        TEXT,
        OUTPUT_BEGIN,
        OUTPUT_END,
        STATEMENT_BEGIN,
        STATEMENT_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END_OF_SOURCE
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    boolean isOperator(String operator) {
        return is(Kind.OPERATOR, operator);
    }

    boolean isName(String name) {
        return is(Kind.NAME, name);
    }

    /** For error messages. */
    String describe() {
        return switch (kind) {
            case END_OF_SOURCE -> "end of the template";
            case OUTPUT_END -> "'}}'";
            case STATEMENT_END -> "'%}'";
            default -> "'" + text + "'";
        };
    }
}
