package dev.conch.output.parser;

import org.jspecify.annotations.Nullable;

/**
 * Is told the pieces of an answer in order. A call is one {@link #callStarted}, any number of {@link #callArguments}, and one
 * {@link #callEnded}; calls do not nest, and no text or reasoning comes inside of one.
 */
public interface AnswerSink {

    /** More text of the answer itself; not empty. */
    void text(String text);

    /** More of what the model thinks; not empty. */
    void reasoning(String text);

    /**
     * A call of a function begins.
     *
     * @param name of the function; the parser does not ask whether there is one of that name
     * @param id as the model wrote it; null: the server makes one
     */
    void callStarted(String name, @Nullable String id);

    /** More of the call's arguments; not empty. All fragments together are the text of one JSON object if the call is well formed. */
    void callArguments(String fragment);

    /**
     * The call is over.
     *
     * @param wellFormed whether its arguments are a complete JSON object, and the model closed the call as its format has it
     */
    void callEnded(boolean wellFormed);
}
