package dev.conch.output.toolcall.json;

import dev.conch.output.toolcall.scan.JsonStrings;

/**
 * Reads the arguments of one call, which should be a JSON object, or a string that holds one; null is no arguments. They are passed on as
 * the model wrote them, but for control characters in strings, which become escapes. Not thread-safe.
 */
public final class ArgumentsReader {
    static final String NONE = "{}";

    private enum Form {
        UNKNOWN,
        OBJECT,
        IN_STRING,
        NULL,
        OTHER
    }

    private Form form = Form.UNKNOWN;
    private final JsonScanner value = new JsonScanner();
    private final JsonStringReader string = new JsonStringReader();
    /** What the string says. */
    private final JsonScanner inside = new JsonScanner();

    private boolean begun;
    private boolean insideIsJson = true;
    private boolean insideIsObject;
    private boolean insideIsEmpty = true;
    private final StringBuilder read = new StringBuilder();

    /**
     * Takes the next character; the first is not blank.
     *
     * @return whether it is part of the value
     */
    public boolean take(char c) {
        if (form == Form.UNKNOWN) {
            form = form(c);
        }
        boolean literally = value.inString();
        if (!value.take(c)) {
            return false;
        }
        switch (form) {
            case IN_STRING -> takeInString(c);
            case NULL -> {}
            default -> append(c, literally);
        }
        if (ended() && insideIsEmpty && (form == Form.NULL || form == Form.IN_STRING)) {
            read.append(NONE);
        }
        return true;
    }

    private static Form form(char first) {
        return switch (first) {
            case '{' -> Form.OBJECT;
            case '"' -> Form.IN_STRING;
            case 'n' -> Form.NULL;
            default -> Form.OTHER;
        };
    }

    private void takeInString(char c) {
        if (begun) {
            string.take(c);
            string.takeSaid().chars().forEach(said -> takeInside((char) said));
        }
        begun = true;
    }

    private void takeInside(char c) {
        if (insideIsEmpty && !JsonScanner.isBlank(c)) {
            insideIsEmpty = false;
            insideIsObject = c == '{';
        }
        boolean literally = inside.inString();
        insideIsJson = insideIsJson && inside.take(c);
        append(c, literally);
    }

    private void append(char c, boolean literally) {
        if (literally && c < ' ') {
            read.append(JsonStrings.escaped(String.valueOf(c)));
        } else {
            read.append(c);
        }
    }

    /** Whether nothing can be added to the value. */
    public boolean ended() {
        return value.ended();
    }

    /** Whether the value is complete, as any value. */
    public boolean complete() {
        return value.complete();
    }

    /** Whether the value is complete, and an object, or no arguments. */
    public boolean isObject() {
        return value.complete()
                && switch (form) {
                    case OBJECT, NULL -> true;
                    case IN_STRING -> insideIsEmpty || (insideIsJson && inside.ended() && insideIsObject);
                    default -> false;
                };
    }

    /** What has been read since this was last asked. */
    public String takeRead() {
        String all = read.toString();
        read.setLength(0);
        return all;
    }
}
