package dev.conch.tokenizer;

/** A {@code tokenizer.json} that this server cannot honour exactly. The message is for the operator and names what is supported. */
public final class TokenizerFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenizerFormatException(String message) {
        super(message);
    }
}
