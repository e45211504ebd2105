package dev.conch.output.toolcall.json;

/** Where a call names its function. */
enum CallNaming {
    /** {@code {"name": "f", "arguments": {}}}. */
    IN_OBJECT,
    /** As {@link #IN_OBJECT}, but nothing announces it: an object with other keys, or without arguments, is text. */
    UNMARKED,
    /** {@code {"f": {}}}: any object with an object in it. */
    AS_KEY,
    /** {@code f{}}, perhaps with marks between. */
    BEFORE_OBJECT
}
