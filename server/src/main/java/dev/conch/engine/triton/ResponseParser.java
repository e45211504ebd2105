package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads the messages of one generation's stream. There is one message for nearly every token, which makes this the hottest code of the
 * per-request way: the generated parser builds some twenty objects for each, of which we want a few integers. So this one walks over the wire
 * format, compares names as bytes and keeps nothing but the token ids (and logprobs, if there are any). The generated parser is the oracle of its tests: on every valid
 * message both find the same. Not thread-safe; one for each stream.
 */
final class ResponseParser {
    /** A usual message, with one token. */
    private static final int BYTES = 512;

    private final byte[] requestId;
    private final OutputTensors outputs = new OutputTensors();
    private final ResponseEnvelope envelope = new ResponseEnvelope(outputs.tensors(), BYTES);

    ResponseParser(String requestId) {
        this.requestId = requestId.getBytes(UTF_8);
    }

    /**
     * Reads one message to its end.
     *
     * @throws IOException if it is no such message, or if its tensors are not what the contract promises
     */
    StreamResponse parse(InputStream message) throws IOException {
        envelope.read(message);
        if (!envelope.error().isEmpty()) {
            return StreamResponse.failed(envelope.error());
        }
        byte[] buffer = envelope.buffer();
        int[] tokenIds = outputs.tokenIds(buffer);
        return new StreamResponse(
                "",
                !envelope.idIs(requestId),
                envelope.isLast(),
                outputs.sequence(buffer),
                tokenIds,
                outputs.logprobs(buffer, tokenIds.length),
                outputs.cachedTokens(buffer),
                outputs.finishReason(buffer));
    }
}
