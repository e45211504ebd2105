package dev.conch.engine.triton;

import org.jspecify.annotations.Nullable;

/**
 * What one message of a generation's stream says, as far as this room cares.
 *
 * @param error Triton's or the engine's words; empty if nothing went wrong, else the rest is without meaning
 * @param foreign whether the message is about another request than the one whose stream this is
 * @param last whether nothing follows
 * @param sequence which of the request's sequences it is about; {@link #UNTOLD} where there is but one
 * @param tokenIds new token ids, without padding; fresh, the receiver may keep it
 * @param logprobs of the new tokens; null if there are none
 * @param cachedTokens tokens of the prompt that were not computed anew; {@link #UNTOLD} on all but the first message
 * @param finishReason why the sequence ended; null on all but the last messages of models that give a reason
 */
record StreamResponse(
        String error,
        boolean foreign,
        boolean last,
        int sequence,
        int[] tokenIds,
        @Nullable ResponseLogprobs logprobs,
        int cachedTokens,
        @Nullable String finishReason) {

    static final int[] NO_TOKENS = {};
    static final int UNTOLD = -1;

    static StreamResponse failed(String error) {
        return new StreamResponse(error, false, true, UNTOLD, NO_TOKENS, null, UNTOLD, null);
    }
}
