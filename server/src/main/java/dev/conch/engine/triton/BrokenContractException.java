package dev.conch.engine.triton;

import java.io.IOException;

/**
 * Triton, or the model in it, said something that the tensor contract does not allow. The message is for the operator. It is an
 * {@link IOException} because a message that is no protocol buffer at all is one, and both are answered alike.
 */
final class BrokenContractException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenContractException(String message) {
        super(message);
    }
}
