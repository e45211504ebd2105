package dev.conch.engine.triton;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of the tensor contract: what may be sent to the model, one row each. On the wire every tensor has a batch dimension of 1
 * in front of the shape given here.
 */
enum InputTensor {
    /** The prompt, [tokens]. */
    INPUT_IDS(Datatype.INT32, null, "input_ids"),
    /** Length of the prompt, [1]. Says nothing new when the batch is 1, yet the model insists on it. */
    INPUT_LENGTHS(Datatype.INT32, null, "input_lengths"),
    /** Most tokens to generate, [1]. Cut to what the context has room for without a word. */
    REQUEST_OUTPUT_LEN(Datatype.INT32, "max_tokens", "request_output_len"),
    /** The one end token, [1]. It never appears in the output. */
    END_ID(Datatype.INT32, null, "end_id"),
    /** Further ends, [2, width]: the token ids of all words in a row, below them the offset at which each word ends, then -1. */
    STOP_WORDS_LIST(Datatype.INT32, null, "stop_words_list"),
    /** Whether tokens come as they are generated, [1]. */
    STREAMING(Datatype.BOOL, "stream", "streaming"),
    /** Whether a single answer leaves the prompt out, [1]. Has no effect on a stream, which never repeats the prompt. */
    EXCLUDE_INPUT_IN_OUTPUT(Datatype.BOOL, null, "exclude_input_in_output"),
    /** [1]. Has no effect unless {@link #RUNTIME_TOP_K} or {@link #RUNTIME_TOP_P} is there too. */
    TEMPERATURE(Datatype.FP32, "temperature", "temperature"),
    /** [1]. */
    RUNTIME_TOP_K(Datatype.INT32, "top_k", "runtime_top_k"),
    /** [1]. */
    RUNTIME_TOP_P(Datatype.FP32, "top_p", "runtime_top_p"),
    /** [1]. Without it every request samples with the same seed. Renamed after TensorRT-LLM 1.0. */
    SEED(Datatype.UINT64, "seed", "seed", "random_seed"),
    /** [1]. */
    PRESENCE_PENALTY(Datatype.FP32, "presence_penalty", "presence_penalty"),
    /** [1]. */
    FREQUENCY_PENALTY(Datatype.FP32, "frequency_penalty", "frequency_penalty");

    private final Datatype datatype;
    private final @Nullable String param;
    private final String tensorName;
    private final String formerName;

    InputTensor(Datatype datatype, @Nullable String param, String tensorName) {
        this(datatype, param, tensorName, tensorName);
    }

    InputTensor(Datatype datatype, @Nullable String param, String tensorName, String formerName) {
        this.datatype = datatype;
        this.param = param;
        this.tensorName = tensorName;
        this.formerName = formerName;
    }

    Datatype datatype() {
        return datatype;
    }

    /** OpenAI's name of what the tensor carries; null if a client has no word for it. */
    @Nullable String param() {
        return param;
    }

    /** What today's models call it. */
    String tensorName() {
        return tensorName;
    }

    /** The names under which models know it, today's first. */
    Stream<String> names() {
        return Stream.of(tensorName, formerName).distinct();
    }
}
