package dev.conch.sim.tensor;

import dev.conch.proto.inference.DataType;
import java.util.Arrays;
import java.util.Optional;

/** Element types under the names that they have on the wire. */
public enum Datatype {
    BOOL(1, DataType.TYPE_BOOL),
    UINT8(1, DataType.TYPE_UINT8),
    UINT16(2, DataType.TYPE_UINT16),
    UINT32(4, DataType.TYPE_UINT32),
    UINT64(8, DataType.TYPE_UINT64),
    INT8(1, DataType.TYPE_INT8),
    INT16(2, DataType.TYPE_INT16),
    INT32(4, DataType.TYPE_INT32),
    INT64(8, DataType.TYPE_INT64),
    FP16(2, DataType.TYPE_FP16),
    BF16(2, DataType.TYPE_BF16),
    FP32(4, DataType.TYPE_FP32),
    FP64(8, DataType.TYPE_FP64),
    /** Elements of any length, each behind its own length. */
    BYTES(0, DataType.TYPE_STRING);

    private final int byteSize;
    private final DataType inConfig;

    Datatype(int byteSize, DataType inConfig) {
        this.byteSize = byteSize;
        this.inConfig = inConfig;
    }

    /** Bytes of one element; 0 when elements differ. */
    public int byteSize() {
        return byteSize;
    }

    /** What a model's configuration calls it. */
    public DataType inConfig() {
        return inConfig;
    }

    static Optional<Datatype> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
