package dev.conch.http.request;

import dev.conch.openai.DetokenizeRequest;

/** Reads a request to tell the text of tokens. */
public final class DetokenizeRequestReader {
    private static final String TOKENS = "tokens";

    private DetokenizeRequestReader() {}

    /**
     * Reads a request to detokenize.
     *
     * @throws dev.conch.generation.GenerationException a USER error naming the field
     */
    public static DetokenizeRequest read(RequestParameters request) {
        request.fields().requiredNode(TOKENS);
        return new DetokenizeRequest(request.requiredText("model"), request.integers(TOKENS));
    }
}
