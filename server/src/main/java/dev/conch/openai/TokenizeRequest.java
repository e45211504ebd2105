package dev.conch.openai;

/**
 * The body of {@code POST /tokenize}, as vLLM has it: OpenAI has no such endpoint.
 *
 * @param model which model, never empty
 * @param input what is to be tokenized
 * @param addSpecialTokens whether the tokenizer puts its own tokens around the text
 * @param returnTokenStrs whether the text of each token is wanted too
 */
public record TokenizeRequest(String model, Input input, boolean addSpecialTokens, boolean returnTokenStrs) {

    /** What is to be tokenized. */
    public sealed interface Input {

        /** A text as it is ({@code prompt}); its special tokens are obeyed: it is the caller's own. */
        record Text(String text) implements Input {}

        /** A conversation, which the model's template makes a prompt of ({@code messages}). */
        record Chat(Conversation conversation) implements Input {}
    }
}
