package dev.conch.generation;

import java.util.List;

/**
 * What the output room says of a running generation, in the order in which a client may see it. Nothing that was said is ever
 * taken back. The stream and the single answer are two folds over the same events.
 */
public sealed interface OutputEvent {

    /** Which of the request's choices this is about, counted from 0. */
    int choice();

    /**
     * More text of the answer.
     *
     * @param text never empty, never half a character
     * @param tokens what the text was decoded from: the tokens whose bytes ended in it
     */
    record TextDelta(int choice, String text, Tokens tokens) implements OutputEvent {}

    /** More of the model's reasoning, which stands before or between the text of the answer. */
    record ReasoningDelta(int choice, String text, Tokens tokens) implements OutputEvent {}

    /**
     * The model began to call a tool.
     *
     * @param call number of the call within its choice, counted from 0
     */
    record ToolCallStarted(int choice, int call, String id, String name, Tokens tokens) implements OutputEvent {}

    /** A fragment of the JSON arguments of the call that {@link ToolCallStarted} announced. */
    record ToolCallArguments(int choice, int call, String fragment, Tokens tokens) implements OutputEvent {}

    /**
     * The choice is complete; nothing follows for it.
     *
     * @param completionTokens how many tokens the engine generated for this choice
     * @param tokens the last ones, if they have no text that a {@link TextDelta} could have brought
     */
    record Finished(int choice, FinishReason reason, int completionTokens, Tokens tokens) implements OutputEvent {}

    /**
     * The tokens behind a piece of text.
     *
     * @param ids token ids in order
     * @param logprobs one for each id, or empty if the request did not ask for them
     */
    record Tokens(List<Integer> ids, List<TextLogprob> logprobs) {
        /** There are none, or nobody asked for ids or logprobs. */
        public static final Tokens NONE = new Tokens(List.of(), List.of());

        public Tokens {
            ids = List.copyOf(ids);
            logprobs = List.copyOf(logprobs);
        }
    }
}
