package dev.conch.engine.triton;

import org.jspecify.annotations.Nullable;

/**
 * What one message of a generation's stream says, as far as this room cares.
 *
 * @param error Triton's or the engine's words; empty if nothing went wrong, else the rest is without meaning
 * @param foreign whether the message is about another request than the one whose stream this is
 * @param last whether nothing follows
 * @param tokenIds new token ids, without padding; fresh, the receiver may keep it
 * @param finishReason the engine's reason; null on all but the last messages of models that give one
 */
record StreamResponse(
        String error,
        boolean foreign,
        boolean last,
        int[] tokenIds,
        @Nullable String finishReason) {

    static final int[] NO_TOKENS = {};

    static StreamResponse failed(String error) {
        return new StreamResponse(error, false, true, NO_TOKENS, null);
    }
}
