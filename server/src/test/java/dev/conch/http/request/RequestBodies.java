package dev.conch.http.request;

import java.util.Map;

/** The least that an endpoint takes, and its reader. */
final class RequestBodies {
    private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"hi\"}]";

    private RequestBodies() {}

    static Map<String, String> least(Endpoint endpoint) {
        return switch (endpoint) {
            case CHAT, RENDER -> Map.of("model", "\"m\"", "messages", MESSAGES);
            case COMPLETIONS, TOKENIZE -> Map.of("model", "\"m\"", "prompt", "\"hi\"");
            case DETOKENIZE -> Map.of("model", "\"m\"", "tokens", "[1]");
        };
    }

    static Object read(byte[] body, Endpoint endpoint, RequestLimits limits) {
        RequestParameters request = RequestParameters.of(body, endpoint, limits);
        return switch (endpoint) {
            case CHAT, RENDER -> ChatCompletionRequestReader.read(request);
            case COMPLETIONS -> CompletionRequestReader.read(request);
            case TOKENIZE -> TokenizeRequestReader.read(request);
            case DETOKENIZE -> DetokenizeRequestReader.read(request);
        };
    }
}
