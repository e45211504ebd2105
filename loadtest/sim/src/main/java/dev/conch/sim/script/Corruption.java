package dev.conch.sim.script;

/** Ways in which a response can break the tensor contract. */
public enum Corruption {
    /** The response names a request that nobody made. */
    WRONG_ID,

    /** {@code output_ids} claims to be INT64; its bytes stay. */
    WRONG_DATATYPE,

    /** {@code output_ids} claims one dimension in place of three. */
    WRONG_SHAPE,

    /** {@code output_ids} lacks its last byte. */
    WRONG_BYTE_SIZE,

    /** {@code output_ids} is not there. */
    MISSING_OUTPUT_IDS
}
