package dev.conch.engine.triton;

import java.util.Locale;

/**
 * The outputs that tell what a step of the engine brought to the m sequences of a subscription that have news, t new tokens together; one
 * row each. On the wire every shape begins with a batch dimension of 1.
 */
enum StepTensor {
    /** The number of this response, counted from 1, [1]. */
    STEP(Datatype.INT64),
    /** Whose news these are, [m]. */
    STEP_HANDLES(Datatype.UINT64),
    /** Which sequence of the request, [m]; absent: the first of each. */
    STEP_SEQUENCES(Datatype.INT32),
    /** How many of the tokens are each one's, [m]. */
    STEP_COUNTS(Datatype.INT32),
    /** The new tokens of all, one sequence behind the other, [t]. */
    STEP_IDS(Datatype.INT32),
    /** How each sequence ended, [m], as {@link StepEnd} counts; absent: none did. */
    STEP_ENDS(Datatype.UINT8),
    /** The texts of those that were refused or failed, in their order. */
    STEP_ERRORS(Datatype.BYTES),
    /** Tokens of the prompt that were not computed anew, [m], -1 where that was told before; absent: all -1. */
    STEP_CACHED_TOKENS(Datatype.INT32),
    /** Logprobs of the new tokens of those requests that asked for them, in order. */
    STEP_LOG_PROBS(Datatype.FP32),
    /** The most likely ids at these places, for each token as many as its request asked for, best first. */
    STEP_TOP_IDS(Datatype.INT32),
    /** The logprobs of {@link #STEP_TOP_IDS}. */
    STEP_TOP_LOG_PROBS(Datatype.FP32);

    private static final int RANK = 2;

    private final Datatype datatype;

    StepTensor(Datatype datatype) {
        this.datatype = datatype;
    }

    Datatype datatype() {
        return datatype;
    }

    String tensorName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Room for what a message says about it. */
    TensorSlot slot() {
        return new TensorSlot(tensorName(), datatype, RANK);
    }
}
