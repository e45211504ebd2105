package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The output tensors of the message in hand, read out of its buffer. Not thread-safe; filled again for each message. */
final class OutputTensors {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ABSENT = -1;

    private final TensorSlot outputIds = new TensorSlot(OutputTensor.OUTPUT_IDS);
    private final TensorSlot sequenceLength = new TensorSlot(OutputTensor.SEQUENCE_LENGTH);
    private final TensorSlot finishReason = new TensorSlot(OutputTensor.FINISH_REASON);
    private final TensorSlot sequenceIndex = new TensorSlot(OutputTensor.SEQUENCE_INDEX);
    private final TensorSlot outputLogProbs = new TensorSlot(OutputTensor.OUTPUT_LOG_PROBS);
    private final TensorSlot topLogprobIds = new TensorSlot(OutputTensor.TOP_LOGPROB_IDS);
    private final TensorSlot topLogprobs = new TensorSlot(OutputTensor.TOP_LOGPROBS);
    private final TensorSlot cachedTokens = new TensorSlot(OutputTensor.CACHED_TOKENS);
    private final MessageTensors tensors = new MessageTensors(
            outputIds,
            sequenceLength,
            finishReason,
            sequenceIndex,
            outputLogProbs,
            topLogprobIds,
            topLogprobs,
            cachedTokens);

    /** What the message is read into. */
    MessageTensors tensors() {
        return tensors;
    }

    /** The new ids without their padding; none if the message, which may be a mere flag, has no tensors at all. */
    int[] tokenIds(byte[] buffer) throws BrokenContractException {
        int count = tensors.isEmpty() ? 0 : unpadded(outputIds.row(Integer.BYTES), buffer);
        if (count == 0) {
            return StreamResponse.NO_TOKENS;
        }
        return ids(outputIds, count, buffer);
    }

    private static int[] ids(TensorSlot slot, int count, byte[] buffer) {
        return ids(slot.from(), count, buffer);
    }

    /** So many integers, from this place in the buffer. */
    static int[] ids(int from, int count, byte[] buffer) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) INT.get(buffer, from + i * Integer.BYTES);
        }
        return ids;
    }

    private int unpadded(int padded, byte[] buffer) throws BrokenContractException {
        int count = sequenceLength.row(Integer.BYTES) == 1 ? (int) INT.get(buffer, sequenceLength.from()) : ABSENT;
        if (count < 0 || count > padded) {
            throw sequenceLength.broken("one number from 0 to " + padded);
        }
        return count;
    }

    /** Which of several sequences the message is about; {@link StreamResponse#UNTOLD} if it does not say. */
    int sequence(byte[] buffer) throws BrokenContractException {
        return sequenceIndex.isAbsent() ? StreamResponse.UNTOLD : count(sequenceIndex, buffer);
    }

    /** Tokens of the prompt that were not computed anew; {@link StreamResponse#UNTOLD} if the message does not say. */
    int cachedTokens(byte[] buffer) throws BrokenContractException {
        return cachedTokens.isAbsent() ? StreamResponse.UNTOLD : count(cachedTokens, buffer);
    }

    private int count(TensorSlot slot, byte[] buffer) throws BrokenContractException {
        int count = slot.row(Integer.BYTES) == 1 ? (int) INT.get(buffer, slot.from()) : ABSENT;
        if (count < 0) {
            throw slot.broken("one number, at least 0");
        }
        return count;
    }

    /**
     * The logprobs; null if the message has none.
     *
     * @param tokens how many new tokens it has
     */
    @Nullable ResponseLogprobs logprobs(byte[] buffer, int tokens) throws BrokenContractException {
        if (outputLogProbs.isAbsent()) {
            return null;
        }
        int total = outputLogProbs.row(Integer.BYTES);
        int kept = Math.min(total, tokens + 1);
        float[] latest = floats(outputLogProbs, total - kept, kept, buffer);
        if (topLogprobIds.isAbsent() && topLogprobs.isAbsent()) {
            return new ResponseLogprobs(total, latest, StreamResponse.NO_TOKENS, ResponseLogprobs.NONE);
        }
        int count = tokens * topLogprobIds.columns(tokens, Integer.BYTES);
        if (tokens * topLogprobs.columns(tokens, Integer.BYTES) != count) {
            throw topLogprobs.broken("as many as there are ids");
        }
        return new ResponseLogprobs(
                total, latest, ids(topLogprobIds, count, buffer), floats(topLogprobs, 0, count, buffer));
    }

    private static float[] floats(TensorSlot slot, int first, int count, byte[] buffer) {
        return floats(slot.from() + first * Float.BYTES, count, buffer);
    }

    /** So many floats, from this place in the buffer. */
    static float[] floats(int from, int count, byte[] buffer) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) FLOAT.get(buffer, from + i * Float.BYTES);
        }
        return values;
    }

    /** The engine's reason for having ended; null if the message has none. */
    @Nullable String finishReason(byte[] buffer) throws BrokenContractException {
        if (finishReason.isAbsent()) {
            return null;
        }
        int length = finishReason.length() - Integer.BYTES;
        if (finishReason.texts() != 1 || length < 0 || length != textLength(buffer)) {
            throw finishReason.broken("one text");
        }
        return new String(buffer, finishReason.from() + Integer.BYTES, length, UTF_8);
    }

    private int textLength(byte[] buffer) {
        return (int) INT.get(buffer, finishReason.from());
    }
}
