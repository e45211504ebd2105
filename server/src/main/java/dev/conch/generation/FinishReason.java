package dev.conch.generation;

/** Why a choice ended, in OpenAI's words: these are the only values that a client ever sees. */
public enum FinishReason {
    /** The model ended its turn, or a stop sequence of the caller's was produced. */
    STOP("stop"),
    /** The token limit of the request or the context window was reached. */
    LENGTH("length"),
    /** The model called one or more tools. */
    TOOL_CALLS("tool_calls"),
    /** The answer was withheld. */
    CONTENT_FILTER("content_filter");

    private final String wireName;

    FinishReason(String wireName) {
        this.wireName = wireName;
    }

    /** The value of {@code finish_reason} on the wire. */
    public String wireName() {
        return wireName;
    }
}
