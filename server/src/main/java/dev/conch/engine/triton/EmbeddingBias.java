package dev.conch.engine.triton;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.conch.generation.SamplingParams;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the logits: one number for each token of the vocabulary, though a request names only a few. Half a megabyte for
 * 128 Ki tokens, so it goes onto the wire without a copy, and is made once for all the prompts and choices of one answer: these have their
 * rules in common, which keep the tensor for as long as one of them is there. Thread-safe.
 */
final class EmbeddingBias {
    /** Leaves nothing of a probability, and stays finite in every sum. */
    private static final float NEVER = -1e9f;

    private final Map<Object, Tensor> tensors = Collections.synchronizedMap(new WeakHashMap<>());

    /** @param otherRules what the content depends on besides the key of the map, which is not held here: that would keep it for ever */
    private record Tensor(Object otherRules, int vocabSize, ByteString content) {
        boolean is(Object rules, int tokens) {
            return vocabSize == tokens && otherRules.equals(rules);
        }
    }

    static boolean isAskedFor(SamplingParams sampling) {
        return !sampling.logitBias().isEmpty() || !sampling.allowedTokenIds().isEmpty();
    }

    /** The tensor's content; every id is known to be below the size of the vocabulary. */
    ByteString of(SamplingParams sampling, int vocabSize) {
        // An empty collection is the same one for everybody and never goes.
        boolean biased = !sampling.logitBias().isEmpty();
        Object rules = biased ? sampling.logitBias() : sampling.allowedTokenIds();
        Object otherRules = biased ? sampling.allowedTokenIds() : sampling.logitBias();
        @Nullable Tensor known = tensors.get(rules);
        if (known != null && known.is(otherRules, vocabSize)) {
            return known.content();
        }
        ByteString content = make(sampling, vocabSize);
        tensors.put(rules, new Tensor(otherRules, vocabSize, content));
        return content;
    }

    private static ByteString make(SamplingParams sampling, int vocabSize) {
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
