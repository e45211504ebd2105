package dev.conch.engine.triton;

/** The element types that the tensor contract uses; a constant's name is its name in KServe v2. */
enum Datatype {
    BOOL,
    UINT8,
    INT32,
    INT64,
    UINT64,
    FP32,
    /** Each element is its length (UINT32) and then its bytes. */
    BYTES
}
