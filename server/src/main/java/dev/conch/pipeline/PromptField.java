package dev.conch.pipeline;

/**
 * The part of a request that its prompt is made of, for messages about it.
 *
 * @param param its path in the request
 * @param noun what it is called in a sentence
 */
record PromptField(String param, String noun) {
    static final PromptField MESSAGES = new PromptField("messages", "messages");
    static final PromptField PROMPT = new PromptField("prompt", "prompt");

    /** One prompt of several. */
    static PromptField prompt(int index) {
        return new PromptField("prompt[" + index + "]", "prompt");
    }
}
