package dev.conch.engine.triton;

import com.google.protobuf.CodedInputStream;
import dev.conch.proto.inference.ModelInferResponse.InferOutputTensor;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of the message in hand: what their headers promise, and where in the buffer their data lies. Headers and data are
 * separate lists on the wire; the n-th data belongs to the n-th header. Not thread-safe; cleared and filled again for each message.
 */
final class MessageTensors {
    private static final int NAME = ResponseEnvelope.delimited(InferOutputTensor.NAME_FIELD_NUMBER);
    private static final int DATATYPE = ResponseEnvelope.delimited(InferOutputTensor.DATATYPE_FIELD_NUMBER);
    private static final int SHAPE = ResponseEnvelope.varint(InferOutputTensor.SHAPE_FIELD_NUMBER);
    private static final int PACKED_SHAPE = ResponseEnvelope.delimited(InferOutputTensor.SHAPE_FIELD_NUMBER);

    private final TensorSlot[] slots;
    private int headers;
    private int contents;
    private int[] contentFrom = new int[8];
    private int[] contentLength = new int[8];

    private @Nullable TensorSlot named;
    private int datatypeFrom;
    private int datatypeTo;
    private int rank;
    /** Whether all dimensions but the last two are 1. */
    private boolean table;

    private long rows;
    private long columns;

    /** @param slots the tensors that are read; all others are passed over */
    MessageTensors(TensorSlot... slots) {
        this.slots = slots;
    }

    void clear() {
        for (TensorSlot slot : slots) {
            slot.clear();
        }
        headers = 0;
        contents = 0;
    }

    /** Whether the message has no tensor at all, not even one that is passed over. */
    boolean isEmpty() {
        return headers == 0;
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
        if (named != null && keepsContract(named, buffer)) {
            named.promise(headers, rows, columns);
        } else if (named != null) {
            named.breakPromise(headers);
        }
        headers++;
    }

    private boolean keepsContract(TensorSlot slot, byte[] buffer) {
        return table && rank == slot.rank() && textIs(slot.datatype(), buffer, datatypeFrom, datatypeTo);
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

    private @Nullable TensorSlot slotNamed(byte[] buffer, int from, int to) {
        for (TensorSlot slot : slots) {
            if (textIs(slot.name(), buffer, from, to)) {
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

    /** Once the message is read to its end: tells each tensor where its data lies. */
    void join() {
        for (TensorSlot slot : slots) {
            int place = slot.place();
            if (place >= 0 && place < contents) {
                slot.lieAt(contentFrom[place], contentLength[place]);
            }
        }
    }
}
