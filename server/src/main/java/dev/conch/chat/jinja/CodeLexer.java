package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Token.Kind;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads single tokens inside a tag. */
final class CodeLexer {
    /** As many digits as an integer literal may have in Python. */
    private static final int MOST_DIGITS = 4300;

    // All quantifiers are possessive: Java's other ones recurse, and long literals would overflow the stack.
    private static final String DIGITS = "\\d++(?:_\\d++)*+";
    private static final Pattern FLOAT =
            Pattern.compile(DIGITS + "(?:(?:\\." + DIGITS + ")?[eE][+-]?" + DIGITS + "|\\." + DIGITS + ")");
    private static final Pattern INTEGER = Pattern.compile(
            "0[bB](?:_?[01]++)++|0[oO](?:_?[0-7]++)++|0[xX](?:_?[\\da-fA-F]++)++|[1-9]\\d*+(?:_\\d++)*+|0++(?:_0++)*+");
    private static final List<String> OPERATORS = List.of(
            "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<",
            "=", ".", ":", "|", ",", ";");

    private final String source;
    private int end;

    CodeLexer(String source) {
        this.source = source;
    }

    /** Where the token that was read last ends. */
    int end() {
        return end;
    }

    /** Reads the token that begins at a position which is not white space. */
    Token next(int position, int line) {
        if (position == source.length()) {
            throw new TemplateSyntaxException("this tag has no end", line);
        }
        char first = source.charAt(position);
        if (first == '\'' || first == '"') {
            return string(position, line);
        }
        if (Character.isUnicodeIdentifierStart(source.codePointAt(position)) || first == '_') {
            return name(position, line);
        }
        return first >= '0' && first <= '9' ? number(position, line) : operator(position, line);
    }

    private Token name(int position, int line) {
        end = position;
        while (end < source.length() && Character.isUnicodeIdentifierPart(source.codePointAt(end))) {
            end = source.offsetByCodePoints(end, 1);
        }
        return new Token(Kind.NAME, source.substring(position, end), line);
    }

    private Token number(int position, int line) {
        Matcher matcher = FLOAT.matcher(source).region(position, source.length());
        Kind kind = Kind.FLOAT;
        boolean afterPoint = position > 0 && source.charAt(position - 1) == '.';
        if (afterPoint || !matcher.lookingAt()) {
            matcher.usePattern(INTEGER).region(position, source.length()).lookingAt();
            kind = Kind.INTEGER;
        }
        end = matcher.end();
        String digits = source.substring(position, end).replace("_", "");
        if (kind == Kind.INTEGER && digits.length() > MOST_DIGITS) {
            throw new TemplateSyntaxException(
                    "integer of " + digits.length() + " digits (expected: at most " + MOST_DIGITS + ")", line);
        }
        return new Token(kind, digits, line);
    }

    private Token operator(int position, int line) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                end = position + operator.length();
                return new Token(Kind.OPERATOR, operator, line);
            }
        }
        throw new TemplateSyntaxException(
                "unexpected character '" + Character.toString(source.codePointAt(position)) + "'", line);
    }

    private Token string(int position, int line) {
        char quote = source.charAt(position);
        end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw new TemplateSyntaxException("this string has no end: expected " + quote, line);
        }
        end++;
        return new Token(Kind.STRING, StringEscapes.decode(source.substring(position + 1, end - 1), line), line);
    }
}
