package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The news of one step, sequence by sequence. A cursor over the message's bytes: nothing is built but what is asked for. Not thread-safe;
 * filled again for each message.
 *
 * <pre>{@code
 * news.begin(buffer);
 * while (news.next()) {
 *     tell(news.handle(), news.tokenIds());
 * }
 * }</pre>
 */
final class StepNews {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NO_BYTES = {};

    private final TensorSlot step = StepTensor.STEP.slot();
    private final TensorSlot handles = StepTensor.STEP_HANDLES.slot();
    private final TensorSlot sequences = StepTensor.STEP_SEQUENCES.slot();
    private final TensorSlot counts = StepTensor.STEP_COUNTS.slot();
    private final TensorSlot ids = StepTensor.STEP_IDS.slot();
    private final TensorSlot ends = StepTensor.STEP_ENDS.slot();
    private final TensorSlot errors = StepTensor.STEP_ERRORS.slot();
    private final TensorSlot cachedTokens = StepTensor.STEP_CACHED_TOKENS.slot();
    private final TensorSlot logprobs = StepTensor.STEP_LOG_PROBS.slot();
    private final TensorSlot topIds = StepTensor.STEP_TOP_IDS.slot();
    private final TensorSlot topLogprobs = StepTensor.STEP_TOP_LOG_PROBS.slot();
    private final MessageTensors tensors = new MessageTensors(
            step, handles, sequences, counts, ids, ends, errors, cachedTokens, logprobs, topIds, topLogprobs);

    private byte[] buffer = NO_BYTES;
    private int size;

    /** Where the sequence in hand stands, and how many elements of the others' lie before its own. */
    private int at;

    private long handle;
    private int count;
    private StepEnd end = StepEnd.GOES_ON;
    private int idsBefore;
    private int logprobsBefore;
    private long topBefore;
    private int errorFrom;
    private int errorTo;

    /** What the message is read into. */
    MessageTensors tensors() {
        return tensors;
    }

    /**
     * Stands in front of the first sequence.
     *
     * @throws BrokenContractException if the tensors do not fit each other
     */
    void begin(byte[] message) throws BrokenContractException {
        buffer = message;
        size = handles.row(Long.BYTES);
        requireAsMany(counts);
        requireAsManyIfThere(sequences, Integer.BYTES);
        requireAsManyIfThere(ends, Byte.BYTES);
        requireAsManyIfThere(cachedTokens, Integer.BYTES);
        rewind();
        while (next()) {
            // Each tensor has to be as long as the sequences together say.
        }
        requireSum(ids, idsBefore + count);
        requireSum(logprobs, logprobsBefore + ownLogprobs());
        requireSum(topIds, topBefore + ownAlternatives());
        requireSum(topLogprobs, topBefore + ownAlternatives());
        rewind();
    }

    private void rewind() {
        at = -1;
        handle = 0;
        count = 0;
        idsBefore = 0;
        logprobsBefore = 0;
        topBefore = 0;
        errorTo = errors.isAbsent() ? 0 : errors.from();
    }

    private void requireAsMany(TensorSlot slot) throws BrokenContractException {
        if (slot.row(Integer.BYTES) != size) {
            throw slot.broken("as many as there are handles");
        }
    }

    private void requireAsManyIfThere(TensorSlot slot, int elementBytes) throws BrokenContractException {
        if (!slot.isAbsent() && slot.row(elementBytes) != size) {
            throw slot.broken("as many as there are handles");
        }
    }

    private static void requireSum(TensorSlot slot, long sum) throws BrokenContractException {
        int there = slot.isAbsent() ? 0 : slot.row(Integer.BYTES);
        if (there != sum) {
            throw slot.broken(sum + " elements");
        }
    }

    /** The number of the step. */
    long step() throws BrokenContractException {
        if (step.row(Long.BYTES) != 1) {
            throw step.broken("one number");
        }
        return (long) LONG.get(buffer, step.from());
    }

    /** Moves on to the next sequence; false if there is none. */
    boolean next() throws BrokenContractException {
        if (at + 1 >= size) {
            return false;
        }
        idsBefore += count;
        logprobsBefore += ownLogprobs();
        topBefore += ownAlternatives();
        at++;
        handle = (long) LONG.get(buffer, handles.from() + at * Long.BYTES);
        count = number(counts);
        if (count < 0 || count > buffer.length - idsBefore) {
            throw counts.broken("at least 0, and no more than there are ids");
        }
        end = ends.isAbsent() ? StepEnd.GOES_ON : StepEnd.numbered(buffer[ends.from() + at]);
        if (end.hasText()) {
            nextError();
        }
        return true;
    }

    private int ownLogprobs() {
        return Handle.hasLogprobs(handle) ? count : 0;
    }

    private int ownAlternatives() {
        return count * Handle.alternatives(handle);
    }

    private void nextError() throws BrokenContractException {
        int limit = errors.isAbsent() ? 0 : errors.from() + errors.length();
        int length = errorTo + Integer.BYTES <= limit ? (int) OutputTensors.INT.get(buffer, errorTo) : -1;
        errorFrom = errorTo + Integer.BYTES;
        if (length < 0 || length > limit - errorFrom) {
            throw errors.broken("a text for each that failed");
        }
        errorTo = errorFrom + length;
    }

    private int number(TensorSlot slot) {
        return (int) OutputTensors.INT.get(buffer, slot.from() + at * Integer.BYTES);
    }

    /** Whose news these are. */
    long handle() {
        return handle;
    }

    /** Which sequence of the request. */
    int sequence() {
        return sequences.isAbsent() ? 0 : number(sequences);
    }

    StepEnd end() {
        return end;
    }

    /** Why the request was refused, or failed. */
    String error() {
        return new String(buffer, errorFrom, errorTo - errorFrom, UTF_8);
    }

    /** Tokens of the prompt that were not computed anew; {@link StreamResponse#UNTOLD} if that is no news. */
    int cachedTokens() {
        return cachedTokens.isAbsent() ? StreamResponse.UNTOLD : Math.max(StreamResponse.UNTOLD, number(cachedTokens));
    }

    /** The new tokens; fresh, the receiver may keep them. */
    int[] tokenIds() {
        return count == 0
                ? StreamResponse.NO_TOKENS
                : OutputTensors.ids(ids.from() + idsBefore * Integer.BYTES, count, buffer);
    }

    /** The logprobs of the new tokens; null if none were asked for. */
    @Nullable ResponseLogprobs logprobs() {
        if (!Handle.hasLogprobs(handle) || count == 0) {
            return null;
        }
        float[] sampled = OutputTensors.floats(logprobs.from() + logprobsBefore * Float.BYTES, count, buffer);
        int alternatives = ownAlternatives();
        int before = (int) topBefore * Float.BYTES;
        return alternatives == 0
                ? new ResponseLogprobs(count, sampled, StreamResponse.NO_TOKENS, ResponseLogprobs.NONE)
                : new ResponseLogprobs(
                        count,
                        sampled,
                        OutputTensors.ids(topIds.from() + before, alternatives, buffer),
                        OutputTensors.floats(topLogprobs.from() + before, alternatives, buffer));
    }
}
