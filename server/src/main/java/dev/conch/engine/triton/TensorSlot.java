package dev.conch.engine.triton;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A tensor that is read, and what the message in hand says about it. Not thread-safe; {@link MessageTensors} fills it anew for each
 * message.
 */
final class TensorSlot {
    static final int ABSENT = -1;

    private final String tensorName;
    private final int rank;
    private final byte[] name;
    private final byte[] datatype;

    /** Its number among the headers. */
    private int place = ABSENT;

    /** The last two dimensions that its header promises; {@link #ABSENT} if it has another type or shape than it should. */
    private long rows;

    private long columns;

    /** Where its data lies in the buffer; a negative length if there is none. */
    private int from;

    private int length = ABSENT;

    /** @param rank number of dimensions on the wire, the batch included; all but the last two are 1 */
    TensorSlot(String tensorName, Datatype datatype, int rank) {
        this.tensorName = tensorName;
        this.rank = rank;
        this.name = tensorName.getBytes(US_ASCII);
        this.datatype = datatype.name().getBytes(US_ASCII);
    }

    TensorSlot(OutputTensor tensor) {
        this(tensor.tensorName(), tensor.datatype(), tensor.rank());
    }

    byte[] name() {
        return name;
    }

    byte[] datatype() {
        return datatype;
    }

    int rank() {
        return rank;
    }

    void clear() {
        place = ABSENT;
        length = ABSENT;
    }

    /** Takes what its header says. */
    void promise(int place, long rows, long columns) {
        this.place = place;
        this.rows = rows;
        this.columns = columns;
    }

    /** Takes what its header says, which is not what it should. */
    void breakPromise(int place) {
        promise(place, ABSENT, ABSENT);
    }

    void lieAt(int from, int length) {
        this.from = from;
        this.length = length;
    }

    boolean isAbsent() {
        return place == ABSENT;
    }

    int place() {
        return place;
    }

    /** Where its data begins in the buffer. */
    int from() {
        return from;
    }

    /** Bytes of its data; negative if there is none. */
    int length() {
        return length;
    }

    /** How many elements there are in one row, if it has one. */
    int row(int elementBytes) throws BrokenContractException {
        return columns(1, elementBytes);
    }

    /** How many elements there are in each of its rows, of which there have to be so many. */
    int columns(int rows, int elementBytes) throws BrokenContractException {
        requireRows(rows);
        if (length != rows * columns * elementBytes) {
            throw broken("%d rows of numbers".formatted(rows));
        }
        return (int) columns;
    }

    /** How many texts it promises in its one row. */
    int texts() throws BrokenContractException {
        requireRows(1);
        return (int) columns;
    }

    private void requireRows(int rows) throws BrokenContractException {
        if (this.rows != rows || columns < 0 || columns > Integer.MAX_VALUE || length < 0) {
            throw broken("%d rows".formatted(rows));
        }
    }

    BrokenContractException broken(String expected) {
        return new BrokenContractException(
                "%s: missing, or of another type, shape or size (expected: %s)".formatted(tensorName, expected));
    }
}
