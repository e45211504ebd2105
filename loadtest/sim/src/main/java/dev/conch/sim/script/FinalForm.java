package dev.conch.sim.script;

/** How an engine tells that a generation is over; a client has to accept all of them. */
public enum FinalForm {
    /** The response with the last token carries the flag, however the generation ended. */
    WITH_LAST_TOKEN,

    /** As TensorRT-LLM: so at the length limit and after a stop word; an end by EOS is a final response without tokens. */
    ZERO_TOKENS,

    /**
     * As a Python model may do: no response with tensors carries the flag. It follows alone, without tensors, and only to
     * requests with the parameter {@code triton_enable_empty_final_response}.
     */
    SEPARATE
}
