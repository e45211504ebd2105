package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.conch.generation.SamplingParams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What is added to the logits: one number for each token of the vocabulary, though a request names only a few. Half a megabyte for
 * 128 Ki tokens, so it is made in one piece, once, and goes onto the wire without a copy.
 */
final class EmbeddingBias {
    /** Leaves nothing of a probability, and stays finite in every sum. */
    private static final float NEVER = -1e9f;

    private EmbeddingBias() {}

    static boolean isAskedFor(SamplingParams sampling) {
        return !sampling.logitBias().isEmpty() || !sampling.allowedTokenIds().isEmpty();
    }

    /** The tensor's content; every id is known to be below the size of the vocabulary. */
    static ByteString of(SamplingParams sampling, int vocabSize) {
        ByteBuffer bias = ByteBuffer.allocate(Float.BYTES * vocabSize).order(ByteOrder.LITTLE_ENDIAN);
        if (!sampling.allowedTokenIds().isEmpty()) {
            for (int id = 0; id < vocabSize; id++) {
                bias.putFloat(Float.BYTES * id, NEVER);
            }
            sampling.allowedTokenIds().forEach(id -> bias.putFloat(Float.BYTES * id, 0));
        }
        sampling.logitBias().forEach((id, value) -> add(bias, Float.BYTES * id, value));
        return UnsafeByteOperations.unsafeWrap(bias);
    }

    private static void add(ByteBuffer bias, int at, float value) {
        bias.putFloat(at, bias.getFloat(at) + value);
    }
}
