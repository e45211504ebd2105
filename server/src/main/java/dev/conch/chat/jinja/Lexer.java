package dev.conch.chat.jinja;

import dev.conch.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template's source into tokens, with the settings of {@code transformers}: {@code trim_blocks} (the line break after a statement
 * or comment goes), {@code lstrip_blocks} (so do the blanks between the beginning of a line and a statement or comment), line breaks are
 * {@code \n}, and one at the very end of the source goes. A {@code -} inside a delimiter takes all white space on its side, a {@code +}
 * leaves it alone.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    /** Whether the text that comes next begins a line. */
    private boolean atLineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String source) {
        String normalized = source.replace("\r\n", "\n").replace('\r', '\n');
        String text = normalized.endsWith("\n") ? normalized.substring(0, normalized.length() - 1) : normalized;
        return new Lexer(text).run();
    }

    private List<Token> run() {
        while (position < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                addText(source.substring(position));
                advance(source.length());
            } else {
                char kind = source.charAt(tag + 1);
                text(tag, kind);
                tag(kind);
            }
        }
        tokens.add(new Token(Kind.END_OF_SOURCE, "", line));
        return tokens;
    }

    /** Where the next delimiter begins; negative if there is none. */
    private int nextTag() {
        int brace = source.indexOf('{', position);
        while (brace >= 0 && brace + 1 < source.length()) {
            char next = source.charAt(brace + 1);
            if (next == '{' || next == '%' || next == '#') {
                return brace;
            }
            brace = source.indexOf('{', brace + 1);
        }
        return -1;
    }

    /** The text before a delimiter, less the white space that the delimiter takes. */
    private void text(int tag, char kind) {
        int start = position;
        char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
        int end = tag;
        if (sign == '-') {
            end = trimmedEnd(start, tag);
        } else if (sign != '+' && kind != '{') {
            end = withoutIndentation(start, tag);
        }
        addText(source.substring(start, end));
        advance(sign == '-' || sign == '+' ? tag + 3 : tag + 2);
    }

    private int trimmedEnd(int start, int end) {
        int trimmed = end;
        while (trimmed > start && PythonSpace.is(source.charAt(trimmed - 1))) {
            trimmed--;
        }
        return trimmed;
    }

    /** Looks back no further than the text goes, so that all tags of a long line together cost no more than the line. */
    private int withoutIndentation(int start, int end) {
        int indentation = end;
        while (indentation > start && isBlank(source.charAt(indentation - 1))) {
            indentation--;
        }
        boolean beginsLine = indentation == start ? atLineStart : source.charAt(indentation - 1) == '\n';
        return beginsLine ? indentation : end;
    }

    private static boolean isBlank(char character) {
        return character != '\n' && PythonSpace.is(character);
    }

    private void addText(String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(Kind.TEXT, text, line));
        }
    }

    private void tag(char kind) {
        switch (kind) {
            case '#' -> comment();
            case '%' -> statement();
            default -> {
                tokens.add(new Token(Kind.OUTPUT_BEGIN, "{{", line));
                code("}}", Kind.OUTPUT_END);
            }
        }
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (position == source.length()) {
            return;
        }
        if (end < 0) {
            throw new TemplateSyntaxException("this comment has no end: expected '#}'", line);
        }
        char sign = end > position ? source.charAt(end - 1) : ' ';
        advance(end + 2);
        afterTag(sign, true);
    }

    private void statement() {
        int raw = rawBodyStart();
        if (raw >= 0) {
            raw(raw);
            return;
        }
        tokens.add(new Token(Kind.STATEMENT_BEGIN, "{%", line));
        code("%}", Kind.STATEMENT_END);
    }

    /** Where the text of a {@code raw} statement begins; negative if this is another statement. */
    private int rawBodyStart() {
        int word = skipSpace(position);
        if (!source.startsWith("raw", word)) {
            return -1;
        }
        int end = skipSpace(word + 3);
        return source.startsWith("%}", end) || source.startsWith("-%}", end) ? end : -1;
    }

    private void raw(int bodyStart) {
        char sign = source.charAt(bodyStart);
        advance(sign == '-' ? bodyStart + 3 : bodyStart + 2);
        afterTag(sign, false);
        for (int tag = source.indexOf("{%", position); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            int signed = tag + 2 < source.length() && "+-".indexOf(source.charAt(tag + 2)) >= 0 ? tag + 3 : tag + 2;
            int word = skipSpace(signed);
            int end = skipSpace(word + "endraw".length());
            if (source.startsWith("endraw", word) && endOfTag(end, "%}") > 0) {
                text(tag, '%');
                char last = source.charAt(end);
                advance(endOfTag(end, "%}"));
                afterTag(last, true);
                return;
            }
        }
        if (position == source.length()) {
            return;
        }
        throw new TemplateSyntaxException("this raw statement has no end: expected '{% endraw %}'", line);
    }

    /** Where a closing delimiter ends that begins here, with or without a sign; 0 if there is none. */
    private int endOfTag(int start, String delimiter) {
        if (source.startsWith(delimiter, start)) {
            return start + 2;
        }
        boolean signed = start < source.length()
                && (source.charAt(start) == '-' || (source.charAt(start) == '+' && delimiter.equals("%}")));
        return signed && source.startsWith(delimiter, start + 1) ? start + 3 : 0;
    }

    /** The white space that a closing delimiter takes. */
    private void afterTag(char sign, boolean trimsLineBreak) {
        int after = position;
        if (sign == '-') {
            after = skipSpace(position);
        } else if (sign != '+' && trimsLineBreak && source.startsWith("\n", position)) {
            after = position + 1;
        }
        advance(after);
        atLineStart = after > 0 && source.charAt(after - 1) == '\n';
    }

    /** The inside of a tag, up to and with its end. Brackets that are open keep it open. */
    private void code(String delimiter, Kind endKind) {
        CodeLexer code = new CodeLexer(source);
        int open = 0;
        while (true) {
            advance(skipSpace(position));
            int end = open == 0 ? endOfTag(position, delimiter) : 0;
            if (end > 0) {
                char sign = source.charAt(position);
                tokens.add(new Token(endKind, delimiter, line));
                advance(end);
                afterTag(sign, endKind == Kind.STATEMENT_END);
                return;
            }
            Token token = code.next(position, line);
            open += nesting(token);
            if (open < 0) {
                throw new TemplateSyntaxException("unexpected " + token.describe(), line);
            }
            tokens.add(token);
            advance(code.end());
        }
    }

    private static int nesting(Token token) {
        if (token.kind() != Kind.OPERATOR) {
            return 0;
        }
        return switch (token.text()) {
            case "(", "[", "{" -> 1;
            case ")", "]", "}" -> -1;
            default -> 0;
        };
    }

    private int skipSpace(int from) {
        int end = from;
        while (end < source.length() && PythonSpace.is(source.charAt(end))) {
            end++;
        }
        return end;
    }

    private void advance(int to) {
        for (int i = position; i < to; i++) {
            line += source.charAt(i) == '\n' ? 1 : 0;
        }
        position = to;
    }
}
