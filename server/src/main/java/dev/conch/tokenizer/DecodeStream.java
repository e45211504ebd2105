package dev.conch.tokenizer;

/**
 * Decodes the tokens of one sequence as they come. What is returned is final: joined, the pieces are exactly what decoding all tokens
 * at once would give. Not thread-safe.
 */
public interface DecodeStream {

    /**
     * Takes the next token.
     *
     * @return the text that is now certain; empty while a character is incomplete
     * @throws IndexOutOfBoundsException if the vocabulary has no such id
     */
    String append(int tokenId);

    /** Ends the sequence and returns what was held back: U+FFFD for a character that never became complete. */
    String finish();
}
