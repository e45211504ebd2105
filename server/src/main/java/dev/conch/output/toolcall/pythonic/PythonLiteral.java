package dev.conch.output.toolcall.pythonic;

import dev.conch.output.toolcall.scan.JsonStrings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns one Python literal into JSON, a character at a time: strings, numbers, True, False and None, lists, tuples and dictionaries. JSON
 * itself is taken too. Not thread-safe.
 */
public final class PythonLiteral {
    /** What JSON readers take, by and large. */
    private static final int MAX_DEPTH = 512;

    private static final int LONGEST_WORD = 5;

    private static final Map<String, String> WORDS =
            Map.of("True", "true", "False", "false", "None", "null", "true", "true", "false", "false", "null", "null");

    private enum State {
        VALUE,
        VALUE_OR_CLOSE,
        KEY_OR_CLOSE,
        COLON,
        COMMA_OR_CLOSE,
        STRING,
        NUMBER,
        WORD,
        END
    }

    private State state = State.VALUE;
    /** The closing brackets that are missing, the innermost last. */
    private final StringBuilder open = new StringBuilder();

    /** Whether a comma is to be written, if anything comes behind it. */
    private boolean comma;

    private boolean key;
    private final StringBuilder token = new StringBuilder();
    private PythonString string = new PythonString('"');
    private final StringBuilder json = new StringBuilder();

    /** A literal as JSON; null if the text is none. */
    public static @Nullable String toJson(String text) {
        PythonLiteral literal = new PythonLiteral();
        for (int i = 0; i < text.length(); i++) {
            if (!literal.take(text.charAt(i))) {
                return null;
            }
        }
        literal.take(' ');
        return literal.ended() ? literal.takeJson() : null;
    }

    /**
     * Takes the next character.
     *
     * @return whether it is part of the literal; if not, the literal has {@link #ended}, or is none
     */
    boolean take(char c) {
        return switch (state) {
            case STRING -> inString(c);
            case NUMBER -> isInNumber(c) ? append(c) : endNumber() && !ended() && take(c);
            case WORD ->
                Character.isLetter(c) ? token.length() < LONGEST_WORD && append(c) : endWord() && !ended() && take(c);
            case END -> false;
            default -> isBlank(c) || structure(c);
        };
    }

    /** Whether the literal is complete. A number or a word is so only when something else is behind it. */
    boolean ended() {
        return state == State.END;
    }

    /** What has become of the characters since this was last asked. */
    String takeJson() {
        takeSaid();
        String all = json.toString();
        json.setLength(0);
        return all;
    }

    /** The number or word that is not complete yet, as it stands. */
    String unfinished() {
        return token.toString();
    }

    private boolean structure(char c) {
        return switch (state) {
            case VALUE -> value(c);
            case VALUE_OR_CLOSE -> closes(c) ? close() : value(c);
            case KEY_OR_CLOSE -> closes(c) ? close() : (c == '"' || c == '\'') && key(c);
            case COLON -> c == ':' && write(':', State.VALUE);
            case COMMA_OR_CLOSE -> c == ',' ? comma() : closes(c) && close();
            default -> false;
        };
    }

    private boolean value(char c) {
        writeComma();
        return switch (c) {
            case '[' -> open('[', ']', State.VALUE_OR_CLOSE);
            case '(' -> open('[', ')', State.VALUE_OR_CLOSE);
            case '{' -> open('{', '}', State.KEY_OR_CLOSE);
            case '"', '\'' -> string(c, false);
            default -> {
                state = Character.isLetter(c) ? State.WORD : State.NUMBER;
                yield (Character.isLetter(c) || isInNumber(c)) && append(c);
            }
        };
    }

    private boolean key(char quote) {
        writeComma();
        return string(quote, true);
    }

    private void writeComma() {
        if (comma) {
            json.append(',');
            comma = false;
        }
    }

    private boolean comma() {
        comma = true;
        state = open.charAt(open.length() - 1) == '}' ? State.KEY_OR_CLOSE : State.VALUE_OR_CLOSE;
        return true;
    }

    private boolean open(char written, char closing, State next) {
        open.append(closing);
        return open.length() <= MAX_DEPTH && write(written, next);
    }

    private boolean closes(char c) {
        return c == open.charAt(open.length() - 1);
    }

    private boolean close() {
        json.append(closes('}') ? '}' : ']');
        open.setLength(open.length() - 1);
        comma = false;
        return behindValue();
    }

    private boolean string(char quote, boolean asKey) {
        key = asKey;
        string = new PythonString(quote);
        return write('"', State.STRING);
    }

    private boolean inString(char c) {
        if (!string.take(c)) {
            return false;
        }
        if (string.ended()) {
            takeSaid();
            json.append('"');
            return key ? to(State.COLON) : behindValue();
        }
        return true;
    }

    private void takeSaid() {
        json.append(JsonStrings.escaped(string.takeSaid()));
    }

    private boolean endNumber() {
        String number = PythonNumber.toJson(token.toString());
        return number != null && endToken(number);
    }

    private boolean endWord() {
        String word = WORDS.get(token.toString());
        return word != null && endToken(word);
    }

    private boolean endToken(String written) {
        json.append(written);
        token.setLength(0);
        return behindValue();
    }

    private boolean behindValue() {
        return to(open.isEmpty() ? State.END : State.COMMA_OR_CLOSE);
    }

    private boolean append(char c) {
        token.append(c);
        return true;
    }

    private boolean write(char c, State next) {
        json.append(c);
        return to(next);
    }

    private boolean to(State next) {
        state = next;
        return true;
    }

    private static boolean isInNumber(char c) {
        return (c >= '0' && c <= '9') || "+-._eE".indexOf(c) >= 0;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
