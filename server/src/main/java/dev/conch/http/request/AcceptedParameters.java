package dev.conch.http.request;

import io.micronaut.json.tree.JsonNode;
import java.util.Map;

/** Checks parameters that ask nothing of the answer: a client is told of its mistakes in them too. */
final class AcceptedParameters {
    private static final String METADATA = "metadata";
    private static final int MAX_METADATA_KEY_CHARS = 64;

    private AcceptedParameters() {}

    static void checkCompletion(RequestParameters request) {
        request.text("user");
    }

    static void checkChat(RequestParameters request) {
        request.text("user");
        request.text("safety_identifier");
        request.text("prompt_cache_key");
        for (Map.Entry<String, JsonNode> entry : request.members(METADATA)) {
            if (entry.getKey().length() > MAX_METADATA_KEY_CHARS) {
                throw request.invalid(
                        METADATA, "expected keys of at most %d characters".formatted(MAX_METADATA_KEY_CHARS));
            }
            JsonFields.string(
                    entry.getValue(),
                    METADATA + "." + entry.getKey(),
                    request.schema(METADATA).elements().maxLength());
        }
    }
}
