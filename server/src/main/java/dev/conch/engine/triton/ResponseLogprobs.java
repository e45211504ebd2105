package dev.conch.engine.triton;

import dev.conch.generation.TokenLogprob;
import dev.conch.generation.TokenLogprob.Alternative;
import java.util.ArrayList;
import java.util.List;

/**
 * The logprobs of one message, as they came. NVIDIA's engine tells those of all tokens so far with every message, others only those of
 * the message's own; with the end token, which is no output, there may be one more.
 *
 * @param total how many logprobs of sampled tokens came
 * @param latest the last of them: one more than the message has tokens, if there are so many
 * @param topIds the most likely tokens at each place, best first, one place after the other; empty if none came
 * @param top the logprobs of {@code topIds}
 */
record ResponseLogprobs(int total, float[] latest, int[] topIds, float[] top) {
    static final float[] NONE = {};

    /** OpenAI's word for a token that is as good as impossible; minus infinity cannot be said in JSON. */
    private static final float IMPOSSIBLE = -9999;

    /** What rounding may make of the logarithm of 1. */
    private static final float ROUNDING = 1e-3f;

    /**
     * One for each token.
     *
     * @param tokenIds the message's new tokens
     * @param before tokens of the same sequence in earlier messages
     * @param alternatives how many were asked for at each place
     * @throws BrokenContractException if there are fewer or more than there should be, or if one is no logarithm of a probability
     */
    List<TokenLogprob> of(int[] tokenIds, int before, int alternatives) throws BrokenContractException {
        int first = first(tokenIds.length, before);
        requireAlternatives(tokenIds.length * alternatives);
        List<TokenLogprob> logprobs = new ArrayList<>(tokenIds.length);
        for (int i = 0; i < tokenIds.length; i++) {
            float sampled = checked(latest[first + i], OutputTensor.OUTPUT_LOG_PROBS);
            logprobs.add(new TokenLogprob(tokenIds[i], sampled, alternatives(i * alternatives, alternatives)));
        }
        return logprobs;
    }

    /** Where the logprob of the first new token stands. */
    private int first(int tokens, int before) throws BrokenContractException {
        int surplus = total - before - tokens;
        boolean all = surplus == 0 || surplus == 1;
        if (!all && total != tokens) {
            throw new BrokenContractException("%s: %d (expected: %d, or of all tokens %d)"
                    .formatted(OutputTensor.OUTPUT_LOG_PROBS.tensorName(), total, tokens, before + tokens));
        }
        return all ? latest.length - tokens - surplus : latest.length - tokens;
    }

    private void requireAlternatives(int count) throws BrokenContractException {
        if (topIds.length != count) {
            throw new BrokenContractException("%s: %d in all (expected: %d)"
                    .formatted(OutputTensor.TOP_LOGPROB_IDS.tensorName(), topIds.length, count));
        }
    }

    private List<Alternative> alternatives(int from, int count) throws BrokenContractException {
        List<Alternative> alternatives = new ArrayList<>(count);
        for (int i = from; i < from + count; i++) {
            alternatives.add(new Alternative(topIds[i], checked(top[i], OutputTensor.TOP_LOGPROBS)));
        }
        return alternatives;
    }

    private static float checked(float logprob, OutputTensor tensor) throws BrokenContractException {
        if (Float.isNaN(logprob) || logprob > ROUNDING) {
            throw new BrokenContractException("%s: %s (expected: at most 0)".formatted(tensor.tensorName(), logprob));
        }
        return Math.clamp(logprob, IMPOSSIBLE, 0f);
    }
}
