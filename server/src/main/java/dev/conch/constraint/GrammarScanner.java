package dev.conch.constraint;

import dev.conch.generation.GenerationException;

/** Walks through the text of a grammar, over blanks and comments. For one thread. */
final class GrammarScanner {
    private final String text;
    private final Place place;
    private int at;
    private int line = 1;

    GrammarScanner(String text, Place place) {
        this.text = text;
        this.place = place;
    }

    int line() {
        return line;
    }

    boolean done() {
        return at >= text.length();
    }

    char peek() {
        return text.charAt(at);
    }

    boolean lookingAt(char c) {
        return !done() && peek() == c;
    }

    boolean accept(char c) {
        if (!lookingAt(c)) {
            return false;
        }
        at++;
        return true;
    }

    /** The next character, as a code point. */
    int next() {
        int c = text.codePointAt(at);
        at += Character.charCount(c);
        return c;
    }

    void skipBlanks() {
        while (!done()) {
            char c = peek();
            if (c == '#') {
                skipComment();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                if (c == '\n') {
                    line++;
                }
                at++;
            } else {
                return;
            }
        }
    }

    private void skipComment() {
        while (!done() && peek() != '\n') {
            at++;
        }
    }

    /** A name, or the empty text. */
    String name() {
        int start = at;
        while (!done() && isNameChar(peek(), at == start)) {
            at++;
        }
        return text.substring(start, at);
    }

    static boolean isNameChar(char c, boolean first) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
    }

    /** Whether a definition begins here: a name and {@code ::=}. */
    boolean atDefinition() {
        int start = at;
        int startLine = line;
        boolean definition = !name().isEmpty();
        skipBlanks();
        definition &= text.startsWith("::=", at);
        at = start;
        line = startLine;
        return definition;
    }

    boolean acceptDefines() {
        if (!text.startsWith("::=", at)) {
            return false;
        }
        at += "::=".length();
        return true;
    }

    /** A whole number, cut at more than any limit; -1: there is none. */
    int number() {
        int start = at;
        int value = 0;
        while (!done() && peek() >= '0' && peek() <= '9') {
            value = Math.min(value * 10 + (peek() - '0'), Budget.MAX_REPEAT + 1);
            at++;
        }
        return at == start ? -1 : value;
    }

    /** The character that an escape means, behind its backslash. */
    int escaped() {
        if (done()) {
            throw invalid("nothing after '\\'");
        }
        int c = next();
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'a' -> 0x07;
            case 'v' -> 0x0B;
            case 'e' -> 0x1B;
            case '0' -> 0;
            case 'x' -> twoDigits();
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            default -> itself(c);
        };
    }

    private int itself(int c) {
        if (c >= 128 || Character.isLetterOrDigit(c) || Character.isWhitespace(c)) {
            throw invalid("the escape '\\%s' is not supported".formatted(Character.toString(c)));
        }
        return c;
    }

    /** Dialects differ in how long such an escape may be. */
    private int twoDigits() {
        int value = hex(2);
        if (!done() && peek() < 128 && Character.digit(peek(), 16) >= 0) {
            throw invalid("an escape '\\x' with more than two digits (use '\\u' with four)");
        }
        return value;
    }

    private int hex(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = done() || peek() >= 128 ? -1 : Character.digit(peek(), 16);
            if (digit < 0) {
                throw invalid("an escape in hexadecimal with too few digits");
            }
            value = value * 16 + digit;
            at++;
        }
        if (value < 0
                || value > CharSet.LAST
                || (value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE)) {
            throw invalid("an escape in hexadecimal that means no character");
        }
        return value;
    }

    GenerationException invalid(String why) {
        return Refusal.grammar(place, "no supported grammar, line %d: %s".formatted(line, why));
    }
}
