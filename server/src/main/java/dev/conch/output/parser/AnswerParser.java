package dev.conch.output.parser;

/**
 * Tells what the text of one choice is made of, while it is generated: a push state machine. Any chunking of the same text gives the same
 * joined pieces; nothing that was said is taken back; a character is looked at a bounded number of times. What may turn out to be the
 * beginning of a marker is held back, and nothing else. No input makes it fail. Not thread-safe.
 */
public interface AnswerParser {

    /**
     * Takes more text.
     *
     * @param text not empty
     */
    void accept(String text, AnswerSink sink);

    /** The text is over: says what was held back. Called once, last. */
    void finish(AnswerSink sink);
}
