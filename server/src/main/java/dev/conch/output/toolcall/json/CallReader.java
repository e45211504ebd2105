package dev.conch.output.toolcall.json;

import org.jspecify.annotations.Nullable;

/**
 * Reads one call: an object with a name and arguments in any order, or arguments alone where the name stands before them. It can be told
 * as soon as its name is known and its arguments begin; arguments that come first wait for the name. Not thread-safe.
 */
final class CallReader {

    private enum State {
        OPEN,
        KEY_OR_CLOSE,
        KEY,
        IN_KEY,
        COLON,
        VALUE,
        IN_NAME,
        IN_ID,
        IN_ARGUMENTS,
        IN_OTHER,
        COMMA_OR_CLOSE,
        CLOSED
    }

    private final CallNaming naming;
    private State state;
    /** How many objects are open around the arguments: one that only says that it is a function may be around the call. */
    private int depth;

    private JsonStringReader string = new JsonStringReader();
    private JsonScanner other = new JsonScanner();
    private String key = "";
    private String name = "";
    private @Nullable String id;
    private @Nullable ArgumentsReader arguments;

    private CallReader(CallNaming naming, State state) {
        this.naming = naming;
        this.state = state;
    }

    /** A call that is an object, from its brace on. */
    static CallReader ofObject(CallNaming naming) {
        return new CallReader(naming, State.OPEN);
    }

    /** A call whose name is known already, from its arguments on. */
    static CallReader ofArguments(String name, @Nullable String id) {
        CallReader call = new CallReader(CallNaming.BEFORE_OBJECT, State.VALUE);
        call.name = name;
        call.id = id;
        return call;
    }

    /**
     * Takes the next character.
     *
     * @return whether it is part of the call
     */
    boolean take(char c) {
        return switch (state) {
            case IN_KEY -> inString(c) && (!string.ended() || keyEnded());
            case IN_NAME -> inString(c) && (!string.ended() || nameEnded());
            case IN_ID -> inString(c) && (!string.ended() || idEnded());
            case IN_ARGUMENTS -> inArguments(c);
            case IN_OTHER -> inOther(c);
            case CLOSED -> false;
            default -> JsonScanner.isBlank(c) || structure(c);
        };
    }

    private boolean structure(char c) {
        return switch (state) {
            case OPEN -> c == '{' && open();
            case KEY_OR_CLOSE -> c == '}' ? close() : c == '"' && string(State.IN_KEY);
            case KEY -> c == '"' && string(State.IN_KEY);
            case COLON -> c == ':' && to(State.VALUE);
            case VALUE -> value(c);
            case COMMA_OR_CLOSE -> c == ',' ? to(State.KEY) : c == '}' && close();
            default -> false;
        };
    }

    private boolean value(char c) {
        if (naming == CallNaming.AS_KEY) {
            return c == '{' && arguments(c);
        }
        if (naming == CallNaming.BEFORE_OBJECT || CallKeys.isArguments(key)) {
            return arguments(c);
        }
        if (CallKeys.isName(key)) {
            return c == '"' ? string(State.IN_NAME) : c == '{' && depth == 1 && open();
        }
        if (CallKeys.isId(key) && c == '"') {
            return string(State.IN_ID);
        }
        other = new JsonScanner();
        state = State.IN_OTHER;
        return other.take(c);
    }

    private boolean arguments(char c) {
        if (arguments != null) {
            return false;
        }
        arguments = new ArgumentsReader();
        state = State.IN_ARGUMENTS;
        return arguments.take(c);
    }

    private boolean inArguments(char c) {
        ArgumentsReader reader = arguments;
        if (reader != null && reader.take(c)) {
            return !reader.ended() || behindValue();
        }
        return reader != null && reader.complete() && behindValue() && take(c);
    }

    private boolean inOther(char c) {
        if (other.take(c)) {
            return !other.ended() || behindValue();
        }
        return other.complete() && behindValue() && take(c);
    }

    private boolean string(State within) {
        string = new JsonStringReader();
        return to(within);
    }

    private boolean inString(char c) {
        return string.take(c);
    }

    private boolean keyEnded() {
        key = string.takeSaid();
        if (naming == CallNaming.AS_KEY) {
            name = key;
        }
        return (naming != CallNaming.UNMARKED || CallKeys.isKnown(key)) && to(State.COLON);
    }

    private boolean nameEnded() {
        String said = string.takeSaid();
        name = tellable() ? name : said;
        return behindValue();
    }

    private boolean idEnded() {
        String said = string.takeSaid();
        id = tellable() ? id : said;
        return behindValue();
    }

    private boolean behindValue() {
        return to(depth == 0 ? State.CLOSED : State.COMMA_OR_CLOSE);
    }

    private boolean open() {
        depth++;
        return to(State.KEY_OR_CLOSE);
    }

    private boolean close() {
        depth--;
        return behindValue();
    }

    private boolean to(State next) {
        state = next;
        return true;
    }

    /** Whether nothing can be added. */
    boolean closed() {
        return state == State.CLOSED;
    }

    /** Whether it is certain that this is a call, and of which function. */
    boolean tellable() {
        return !name.isEmpty() && (arguments != null || (closed() && naming != CallNaming.UNMARKED));
    }

    String name() {
        return name;
    }

    /** As the model wrote it before the arguments. */
    @Nullable String id() {
        return id;
    }

    /** The arguments that have been read since this was last asked. */
    String takeArguments() {
        if (arguments == null) {
            return closed() ? ArgumentsReader.NONE : "";
        }
        return arguments.takeRead();
    }

    /** Whether the arguments are complete, and a JSON object; none at all are an empty one. */
    boolean hasArguments() {
        return arguments == null ? closed() : arguments.isObject();
    }

    /** Whether the arguments have begun and are not complete. */
    boolean inArguments() {
        return state == State.IN_ARGUMENTS;
    }
}
