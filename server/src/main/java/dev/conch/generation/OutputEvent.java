package dev.conch.generation;

import java.util.List;

/**
 * What the output room says of a running generation, in the order in which a client may see it. Nothing that was said is ever
 * taken back. The stream and the single answer are two folds over the same events.
 */
public sealed interface OutputEvent {

    /** Which of the request's choices this is about, counted from 0. */
    int choice();

    /** What this piece of the answer was decoded from. */
    Tokens tokens();

    /** The same piece, of another choice and with other tokens behind it. */
    OutputEvent with(int choice, Tokens tokens);

    /**
     * More text of the answer.
     *
     * @param text never empty, never half a character
     * @param tokens what the text was decoded from: the tokens whose bytes ended in it
     */
    record TextDelta(int choice, String text, Tokens tokens) implements OutputEvent {
        @Override
        public TextDelta with(int choice, Tokens tokens) {
            return new TextDelta(choice, text, tokens);
        }
    }

    /** More of the model's reasoning, which stands before or between the text of the answer. */
    record ReasoningDelta(int choice, String text, Tokens tokens) implements OutputEvent {
        @Override
        public ReasoningDelta with(int choice, Tokens tokens) {
            return new ReasoningDelta(choice, text, tokens);
        }
    }

    /**
     * The model began to call a tool.
     *
     * @param call number of the call within its choice, counted from 0
     */
    record ToolCallStarted(int choice, int call, String id, String name, Tokens tokens) implements OutputEvent {
        @Override
        public ToolCallStarted with(int choice, Tokens tokens) {
            return new ToolCallStarted(choice, call, id, name, tokens);
        }
    }

    /** A fragment of the JSON arguments of the call that {@link ToolCallStarted} announced. */
    record ToolCallArguments(int choice, int call, String fragment, Tokens tokens) implements OutputEvent {
        @Override
        public ToolCallArguments with(int choice, Tokens tokens) {
            return new ToolCallArguments(choice, call, fragment, tokens);
        }
    }

    /**
     * The choice is complete; nothing follows for it.
     *
     * @param completionTokens how many tokens the engine generated for this choice
     * @param reasoningTokens how many of these were the model's reasoning
     * @param tokens the last ones, if they have no text that another event could have brought
     */
    record Finished(int choice, FinishReason reason, int completionTokens, int reasoningTokens, Tokens tokens)
            implements OutputEvent {
        @Override
        public Finished with(int choice, Tokens tokens) {
            return new Finished(choice, reason, completionTokens, reasoningTokens, tokens);
        }
    }

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
