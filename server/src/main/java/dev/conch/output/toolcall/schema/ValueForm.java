package dev.conch.output.toolcall.schema;

/** What the text of an argument is. */
public enum ValueForm {
    /** A string, as it stands. */
    TEXT,
    /** A string, as it stands, unless it is the word for null. */
    TEXT_OR_NULL,
    /** JSON; what is none is a string. */
    JSON
}
