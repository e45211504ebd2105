package dev.conch.model;

/** A model's folder that cannot be served; the message is for the operator and names the model. */
public final class ModelLoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelLoadException(String message, Throwable cause) {
        super(message, cause);
    }
}
