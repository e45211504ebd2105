package dev.conch.engine.triton;

/**
 * The outputs of the tensor contract that are asked for and read, one row each. On the wire every shape begins with a batch dimension
 * of 1.
 */
enum OutputTensor {
    /** New token ids, [beams = 1, tokens]; possibly padded. */
    OUTPUT_IDS("output_ids", Datatype.INT32, 3),
    /** How many of the ids in this response count, [beams = 1]. */
    SEQUENCE_LENGTH("sequence_length", Datatype.INT32, 2),
    /** {@code stop}, {@code length} or {@code cancelled}, [1], with the final response. Not every model has it. */
    FINISH_REASON("finish_reason", Datatype.BYTES, 2);

    private final String tensorName;
    private final Datatype datatype;
    private final int rank;

    OutputTensor(String tensorName, Datatype datatype, int rank) {
        this.tensorName = tensorName;
        this.datatype = datatype;
        this.rank = rank;
    }

    String tensorName() {
        return tensorName;
    }

    Datatype datatype() {
        return datatype;
    }

    /** Number of dimensions on the wire, the batch included. All of them are 1 but perhaps the last. */
    int rank() {
        return rank;
    }
}
