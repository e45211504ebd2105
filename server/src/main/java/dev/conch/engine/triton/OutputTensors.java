package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The output tensors of the message in hand: what their headers promise, and where in the buffer their data lies. Headers and data are
 * separate lists on the wire; the n-th data belongs to the n-th header. Not thread-safe; cleared and filled again for each message.
 */
final class OutputTensors {
    private static final int NAME = ResponseParser.delimited(InferOutputTensor.NAME_FIELD_NUMBER);
    private static final int DATATYPE = ResponseParser.delimited(InferOutputTensor.DATATYPE_FIELD_NUMBER);
    private static final int SHAPE = ResponseParser.varint(InferOutputTensor.SHAPE_FIELD_NUMBER);
    private static final int PACKED_SHAPE = ResponseParser.delimited(InferOutputTensor.SHAPE_FIELD_NUMBER);

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ABSENT = -1;

    private final Slot outputIds = new Slot(OutputTensor.OUTPUT_IDS);
    private final Slot sequenceLength = new Slot(OutputTensor.SEQUENCE_LENGTH);
    private final Slot finishReason = new Slot(OutputTensor.FINISH_REASON);
    private final Slot sequenceIndex = new Slot(OutputTensor.SEQUENCE_INDEX);
    private final Slot outputLogProbs = new Slot(OutputTensor.OUTPUT_LOG_PROBS);
    private final Slot topLogprobIds = new Slot(OutputTensor.TOP_LOGPROB_IDS);
    private final Slot topLogprobs = new Slot(OutputTensor.TOP_LOGPROBS);
    private final Slot cachedTokens = new Slot(OutputTensor.CACHED_TOKENS);
    private final Slot[] slots = {
        outputIds, sequenceLength, finishReason, sequenceIndex, outputLogProbs, topLogprobIds, topLogprobs, cachedTokens
    };

    private int headers;
    private int contents;
    private int[] contentFrom = new int[8];
    private int[] contentLength = new int[8];

    private @Nullable Slot named;
    private int datatypeFrom;
    private int datatypeTo;
    private int rank;
    /** Whether all dimensions but the last two are 1. */
    private boolean table;

    private long rows;
    private long columns;

    /** A tensor that we read, and what the message says about it. */
    private static final class Slot {
        private final OutputTensor tensor;
        private final byte[] name;
        private final byte[] datatype;

        /** Its number among the headers. */
        private int place = ABSENT;

        /** The last two dimensions that its header promises; {@link #ABSENT} if it has another type or shape than it should. */
        private long rows;

        private long columns;

        Slot(OutputTensor tensor) {
            this.tensor = tensor;
            this.name = tensor.tensorName().getBytes(US_ASCII);
            this.datatype = tensor.datatype().name().getBytes(US_ASCII);
        }

        BrokenContractException broken(String expected) {
            return new BrokenContractException("%s: missing, or of another type, shape or size (expected: %s)"
                    .formatted(tensor.tensorName(), expected));
        }
    }

    void clear() {
        for (Slot slot : slots) {
            slot.place = ABSENT;
        }
        headers = 0;
        contents = 0;
    }

    /** Reads the header at which {@code in}, limited to it, stands. */
    void addHeader(CodedInputStream in, byte[] buffer) throws IOException {
        named = null;
        datatypeFrom = 0;
        datatypeTo = 0;
        rank = 0;
        table = true;
        rows = 1;
        columns = 1;
        readHeader(in, buffer);
        if (named != null) {
            named.place = headers;
            boolean broken = !keepsContract(named, buffer);
            named.rows = broken ? ABSENT : rows;
            named.columns = broken ? ABSENT : columns;
        }
        headers++;
    }

    private boolean keepsContract(Slot slot, byte[] buffer) {
        return table && rank == slot.tensor.rank() && textIs(slot.datatype, buffer, datatypeFrom, datatypeTo);
    }

    private void readHeader(CodedInputStream in, byte[] buffer) throws IOException {
        for (int tag; (tag = in.readTag()) != 0; ) {
            if (tag == NAME) {
                int length = in.readRawVarint32();
                int from = in.getTotalBytesRead();
                in.skipRawBytes(length);
                named = slotNamed(buffer, from, from + length);
            } else if (tag == DATATYPE) {
                int length = in.readRawVarint32();
                datatypeFrom = in.getTotalBytesRead();
                datatypeTo = datatypeFrom + length;
                in.skipRawBytes(length);
            } else if (tag == PACKED_SHAPE) {
                int outer = in.pushLimit(in.readRawVarint32());
                while (!in.isAtEnd()) {
                    addDimension(in.readInt64());
                }
                in.popLimit(outer);
            } else if (tag == SHAPE) {
                addDimension(in.readInt64());
            } else {
                in.skipField(tag);
            }
        }
    }

    private void addDimension(long size) {
        table &= rows == 1;
        rows = columns;
        columns = size;
        rank++;
    }

    private @Nullable Slot slotNamed(byte[] buffer, int from, int to) {
        for (Slot slot : slots) {
            if (textIs(slot.name, buffer, from, to)) {
                return slot;
            }
        }
        return null;
    }

    static boolean textIs(byte[] expected, byte[] buffer, int from, int to) {
        return Arrays.equals(buffer, from, to, expected, 0, expected.length);
    }

    /** Notes the data of the next header. */
    void addContent(int from, int length) {
        if (contents == contentFrom.length) {
            contentFrom = Arrays.copyOf(contentFrom, 2 * contents);
            contentLength = Arrays.copyOf(contentLength, 2 * contents);
        }
        contentFrom[contents] = from;
        contentLength[contents] = length;
        contents++;
    }

    /** The new ids without their padding; none if the message, which may be a mere flag, has no tensors at all. */
    int[] tokenIds(byte[] buffer) throws BrokenContractException {
        int count = headers == 0 ? 0 : unpadded(ints(outputIds), buffer);
        if (count == 0) {
            return StreamResponse.NO_TOKENS;
        }
        return ids(outputIds, count, buffer);
    }

    private int[] ids(Slot slot, int count, byte[] buffer) {
        int from = contentFrom[slot.place];
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) INT.get(buffer, from + i * Integer.BYTES);
        }
        return ids;
    }

    private int unpadded(int padded, byte[] buffer) throws BrokenContractException {
        int count = ints(sequenceLength) == 1 ? (int) INT.get(buffer, contentFrom[sequenceLength.place]) : ABSENT;
        if (count < 0 || count > padded) {
            throw sequenceLength.broken("one number from 0 to " + padded);
        }
        return count;
    }

    /** How many integers the tensor has, which is one row of them. */
    private int ints(Slot slot) throws BrokenContractException {
        return words(slot, 1);
    }

    /** How many numbers of four bytes there are in each of the tensor's rows. */
    private int words(Slot slot, int rows) throws BrokenContractException {
        int length = lengthOf(slot);
        long columns = slot.columns;
        if (slot.rows != rows
                || columns < 0
                || columns > Integer.MAX_VALUE
                || length != rows * columns * Integer.BYTES) {
            throw slot.broken("%d rows of numbers".formatted(rows));
        }
        return (int) columns;
    }

    /** Which of several sequences the message is about; {@link StreamResponse#UNTOLD} if it does not say. */
    int sequence(byte[] buffer) throws BrokenContractException {
        return sequenceIndex.place == ABSENT ? StreamResponse.UNTOLD : count(sequenceIndex, buffer);
    }

    /** Tokens of the prompt that were not computed anew; {@link StreamResponse#UNTOLD} if the message does not say. */
    int cachedTokens(byte[] buffer) throws BrokenContractException {
        return cachedTokens.place == ABSENT ? StreamResponse.UNTOLD : count(cachedTokens, buffer);
    }

    private int count(Slot slot, byte[] buffer) throws BrokenContractException {
        int count = ints(slot) == 1 ? (int) INT.get(buffer, contentFrom[slot.place]) : ABSENT;
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
        if (outputLogProbs.place == ABSENT) {
            return null;
        }
        int total = ints(outputLogProbs);
        int kept = Math.min(total, tokens + 1);
        float[] latest = floats(outputLogProbs, total - kept, kept, buffer);
        if (topLogprobIds.place == ABSENT && topLogprobs.place == ABSENT) {
            return new ResponseLogprobs(total, latest, StreamResponse.NO_TOKENS, ResponseLogprobs.NONE);
        }
        int count = tokens * words(topLogprobIds, tokens);
        if (tokens * words(topLogprobs, tokens) != count) {
            throw topLogprobs.broken("as many as there are ids");
        }
        return new ResponseLogprobs(
                total, latest, ids(topLogprobIds, count, buffer), floats(topLogprobs, 0, count, buffer));
    }

    private float[] floats(Slot slot, int first, int count, byte[] buffer) {
        int from = contentFrom[slot.place] + first * Float.BYTES;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) FLOAT.get(buffer, from + i * Float.BYTES);
        }
        return values;
    }

    /** The engine's reason for having ended; null if the message has none. */
    @Nullable String finishReason(byte[] buffer) throws BrokenContractException {
        if (finishReason.place == ABSENT) {
            return null;
        }
        int length = lengthOf(finishReason) - Integer.BYTES;
        if (finishReason.rows != 1 || finishReason.columns != 1 || length < 0 || length != textLength(buffer)) {
            throw finishReason.broken("one text");
        }
        return new String(buffer, contentFrom[finishReason.place] + Integer.BYTES, length, UTF_8);
    }

    private int textLength(byte[] buffer) {
        return (int) INT.get(buffer, contentFrom[finishReason.place]);
    }

    private int lengthOf(Slot slot) {
        return slot.place >= 0 && slot.place < contents ? contentLength[slot.place] : ABSENT;
    }
}
