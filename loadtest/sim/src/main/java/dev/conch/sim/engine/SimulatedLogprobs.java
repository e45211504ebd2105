package dev.conch.sim.engine;

import dev.conch.sim.tensor.Tensor;
import java.util.List;

/** Logprobs that nobody computed: each follows from the token's id, so that a test can say which one it expects. */
public final class SimulatedLogprobs {
    private SimulatedLogprobs() {}

    /** From -0.125 to -0.875: a sampled token is seldom unlikely. */
    public static float of(int id) {
        return -(1 + id % 7) / 8f;
    }

    /** The alternative at this rank, counted from 0: the sampled token itself, then those behind it in the vocabulary, round its end. */
    static int alternative(int id, int rank, int vocabularySize) {
        return (id + rank) % vocabularySize;
    }

    /** Its logprob. */
    public static float ofAlternative(int id, int rank) {
        return of(id) - rank;
    }

    static Tensor sampled(int[] ids) {
        float[] values = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            values[i] = of(ids[i]);
        }
        return Tensor.fp32s("output_log_probs", List.of(1L, 1L, (long) ids.length), values);
    }

    static Tensor sum(int[] ids) {
        float sum = 0;
        for (int id : ids) {
            sum += of(id);
        }
        return Tensor.fp32Row("cum_log_probs", sum);
    }

    static Tensor topIds(int[] ids, int count, int vocabularySize) {
        int[] alternatives = new int[ids.length * count];
        for (int i = 0; i < alternatives.length; i++) {
            alternatives[i] = alternative(ids[i / count], i % count, vocabularySize);
        }
        return Tensor.int32s("top_logprob_ids", shape(ids, count), alternatives);
    }

    static Tensor top(int[] ids, int count) {
        float[] values = new float[ids.length * count];
        for (int i = 0; i < values.length; i++) {
            values[i] = ofAlternative(ids[i / count], i % count);
        }
        return Tensor.fp32s("top_logprobs", shape(ids, count), values);
    }

    private static List<Long> shape(int[] ids, int count) {
        return List.of(1L, (long) ids.length, (long) count);
    }
}
