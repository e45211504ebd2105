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
    /** {@code stop}, {@code length} or {@code cancelled}, [1], with the last response of each sequence. Not every model has it. */
    FINISH_REASON("finish_reason", Datatype.BYTES, 2),
    /** Which of several sequences the response is about, [1]. */
    SEQUENCE_INDEX("sequence_index", Datatype.INT32, 2),
    /** Logprobs of the sampled tokens, [beams = 1, m]: of all tokens so far, or of this response's. */
    OUTPUT_LOG_PROBS("output_log_probs", Datatype.FP32, 3),
    /** The most likely ids at the places of this response's n tokens, [n, k], best first. Not every model has it. */
    TOP_LOGPROB_IDS("top_logprob_ids", Datatype.INT32, 3),
    /** The logprobs of {@link #TOP_LOGPROB_IDS}, [n, k]. */
    TOP_LOGPROBS("top_logprobs", Datatype.FP32, 3),
    /** Tokens of the prompt that were not computed anew, [1], with the first response. Not every model has it. */
    CACHED_TOKENS("cached_tokens", Datatype.INT32, 2);

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

    /** Number of dimensions on the wire, the batch included. All but the last two are 1. */
    int rank() {
        return rank;
    }
}
