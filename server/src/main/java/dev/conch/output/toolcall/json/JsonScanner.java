package dev.conch.output.toolcall.json;

import java.util.BitSet;

/**
 * Tells, a character at a time, whether a text is the beginning of one JSON value (RFC 8259), and when the value is complete. A push-down
 * automaton: what is open is a stack of bits, so that neither depth nor length costs more than the characters do. Not thread-safe.
 *
 * <p>One thing is laxer than in the RFC: strings may hold control characters as they are. Models write line breaks so, and
 * {@link ArgumentsReader} writes them as they should be.
 */
final class JsonScanner {
    /** What JSON readers take, by and large. */
    static final int MAX_DEPTH = 512;

    private enum State {
        VALUE,
        VALUE_OR_CLOSE,
        KEY,
        KEY_OR_CLOSE,
        COLON,
        COMMA_OR_CLOSE,
        STRING,
        ESCAPE,
        HEX,
        WORD,
        MINUS,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS,
        END
    }

    /** By depth, whether what is open there is an object. */
    private final BitSet objects = new BitSet();

    private int depth;
    private State state = State.VALUE;
    private boolean key;
    /** What is missing of a literal or of an escape. */
    private String rest = "";

    /**
     * Takes the next character.
     *
     * @return whether it may stand here; if not, it has not been taken, and the scanner is of no more use
     */
    boolean take(char c) {
        return switch (state) {
            case STRING -> inString(c);
            case ESCAPE -> escaped(c);
            case HEX -> hex(c);
            case WORD -> word(c);
            case MINUS -> c == '0' ? to(State.ZERO) : isDigit(c) && to(State.INTEGER);
            case ZERO -> c == '.' ? to(State.POINT) : isE(c) ? to(State.EXPONENT) : behindNumber(c);
            case INTEGER -> isDigit(c) || (c == '.' ? to(State.POINT) : isE(c) ? to(State.EXPONENT) : behindNumber(c));
            case POINT -> isDigit(c) && to(State.FRACTION);
            case FRACTION -> isDigit(c) || (isE(c) ? to(State.EXPONENT) : behindNumber(c));
            case EXPONENT -> isSign(c) ? to(State.EXPONENT_SIGN) : isDigit(c) && to(State.EXPONENT_DIGITS);
            case EXPONENT_SIGN -> isDigit(c) && to(State.EXPONENT_DIGITS);
            case EXPONENT_DIGITS -> isDigit(c) || behindNumber(c);
            default -> isBlank(c) || structure(c);
        };
    }

    /** Whether the value is complete; a number then may still go on. */
    boolean complete() {
        return state == State.END || (depth == 0 && inCompleteNumber());
    }

    /** Whether the value is complete, and nothing can be added to it. */
    boolean ended() {
        return state == State.END;
    }

    boolean inString() {
        return state == State.STRING;
    }

    private boolean structure(char c) {
        return switch (state) {
            case VALUE -> value(c);
            case VALUE_OR_CLOSE -> c == ']' ? close() : value(c);
            case KEY -> c == '"' && string(true);
            case KEY_OR_CLOSE -> c == '}' ? close() : c == '"' && string(true);
            case COLON -> c == ':' && to(State.VALUE);
            case COMMA_OR_CLOSE ->
                c == ',' ? to(inObject() ? State.KEY : State.VALUE) : c == (inObject() ? '}' : ']') && close();
            default -> false;
        };
    }

    private boolean value(char c) {
        return switch (c) {
            case '{' -> open(true);
            case '[' -> open(false);
            case '"' -> string(false);
            case 't' -> literal("rue");
            case 'f' -> literal("alse");
            case 'n' -> literal("ull");
            case '-' -> to(State.MINUS);
            case '0' -> to(State.ZERO);
            default -> isDigit(c) && to(State.INTEGER);
        };
    }

    private boolean open(boolean object) {
        if (depth == MAX_DEPTH) {
            return false;
        }
        objects.set(depth++, object);
        return to(object ? State.KEY_OR_CLOSE : State.VALUE_OR_CLOSE);
    }

    private boolean close() {
        depth--;
        return behindValue();
    }

    private boolean string(boolean asKey) {
        key = asKey;
        return to(State.STRING);
    }

    private boolean literal(String missing) {
        rest = missing;
        return to(State.WORD);
    }

    private boolean inString(char c) {
        if (c == '\\') {
            return to(State.ESCAPE);
        }
        return c != '"' || (key ? to(State.COLON) : behindValue());
    }

    private boolean escaped(char c) {
        if (c == 'u') {
            rest = "0000";
            return to(State.HEX);
        }
        return "\"\\/bfnrt".indexOf(c) >= 0 && to(State.STRING);
    }

    private boolean hex(char c) {
        if (Character.digit(c, 16) < 0 || c > 'f') {
            return false;
        }
        rest = rest.substring(1);
        return !rest.isEmpty() || to(State.STRING);
    }

    private boolean word(char c) {
        if (c != rest.charAt(0)) {
            return false;
        }
        rest = rest.substring(1);
        return !rest.isEmpty() || behindValue();
    }

    private boolean behindNumber(char c) {
        return depth > 0 && behindValue() && (isBlank(c) || structure(c));
    }

    private boolean behindValue() {
        return to(depth == 0 ? State.END : State.COMMA_OR_CLOSE);
    }

    private boolean inCompleteNumber() {
        return switch (state) {
            case ZERO, INTEGER, FRACTION, EXPONENT_DIGITS -> true;
            default -> false;
        };
    }

    private boolean inObject() {
        return objects.get(depth - 1);
    }

    private boolean to(State next) {
        state = next;
        return true;
    }

    private static boolean isE(char c) {
        return c == 'e' || c == 'E';
    }

    private static boolean isSign(char c) {
        return c == '+' || c == '-';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** What JSON takes for white space. */
    static boolean isBlank(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
