package dev.conch.output.toolcall;

import org.jspecify.annotations.Nullable;

/** What came out of a parser, joined: neighbouring texts are one, and so are the fragments of a call's arguments. */
public sealed interface Piece {

    record Text(String text) implements Piece {}

    record Reasoning(String text) implements Piece {}

    /**
     * A call.
     *
     * @param id as the model wrote it
     */
    record Call(String name, @Nullable String id, String arguments, boolean wellFormed) implements Piece {}

    static Piece text(String text) {
        return new Text(text);
    }

    static Piece reasoning(String text) {
        return new Reasoning(text);
    }

    /** A call that is well formed, and whose id is the server's to make. */
    static Piece call(String name, String arguments) {
        return new Call(name, null, arguments, true);
    }

    static Piece callWithId(String name, String id, String arguments) {
        return new Call(name, id, arguments, true);
    }

    /** A call that has gone wrong, and what there was of its arguments. */
    static Piece brokenCall(String name, String arguments) {
        return new Call(name, null, arguments, false);
    }

    static Piece brokenCallWithId(String name, String id, String arguments) {
        return new Call(name, id, arguments, false);
    }
}
