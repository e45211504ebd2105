package dev.conch.tokenizer;

/** Bytes that come one by one and become characters when it is certain which. Not thread-safe. */
interface ByteSequence {

    /** Whether nothing is held back. */
    boolean idle();

    /** Takes the next byte and appends what is now certain. */
    void accept(byte next, StringBuilder out);

    /** Ends the sequence and appends what was held back. */
    void finish(StringBuilder out);
}
