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
    /** Token sequences that are never completed, [2, width] as in {@link #STOP_WORDS_LIST}. */
    BAD_WORDS_LIST(Datatype.INT32, "bad_words", "bad_words_list"),
    /** Tokens that are generated before {@link #END_ID} may come, [1]. Renamed after TensorRT-LLM 1.0. */
    MIN_TOKENS(Datatype.INT32, "min_tokens", "min_tokens", "min_length"),
    /** Whether tokens come as they are generated, [1]. */
    STREAMING(Datatype.BOOL, "stream", "streaming"),
    /** Whether a single answer leaves the prompt out, [1]. Has no effect on a stream, which never repeats the prompt. */
    EXCLUDE_INPUT_IN_OUTPUT(Datatype.BOOL, null, "exclude_input_in_output"),
    /** [1]. Has no effect unless {@link #RUNTIME_TOP_K} or {@link #RUNTIME_TOP_P} is there too. */
    TEMPERATURE(Datatype.FP32, "temperature", "temperature"),
    /** [1]. Together with {@link #RUNTIME_TOP_P}, that one chooses among these. */
    RUNTIME_TOP_K(Datatype.INT32, "top_k", "runtime_top_k"),
    /** [1]. */
    RUNTIME_TOP_P(Datatype.FP32, "top_p", "runtime_top_p"),
    /** [1]. */
    MIN_P(Datatype.FP32, "min_p", "min_p"),
    /** [1]. Without it every request samples with the same seed; the n-th of several sequences with this + n. Renamed after TensorRT-LLM 1.0. */
    SEED(Datatype.UINT64, "seed", "seed", "random_seed"),
    /** [1]. */
    PRESENCE_PENALTY(Datatype.FP32, "presence_penalty", "presence_penalty"),
    /** [1]. */
    FREQUENCY_PENALTY(Datatype.FP32, "frequency_penalty", "frequency_penalty"),
    /** [1]. */
    REPETITION_PENALTY(Datatype.FP32, "repetition_penalty", "repetition_penalty"),
    /** [1]. */
    NO_REPEAT_NGRAM_SIZE(Datatype.INT32, "no_repeat_ngram_size", "no_repeat_ngram_size"),
    /** What is added to each logit, [vocabulary of the model]. */
    EMBEDDING_BIAS(Datatype.FP32, "logit_bias", "embedding_bias"),
    /** Answers to generate from the prompt, [1]; each response names its own in {@link OutputTensor#SEQUENCE_INDEX}. */
    NUM_RETURN_SEQUENCES(Datatype.INT32, "n", "num_return_sequences"),
    /** Whether {@link OutputTensor#OUTPUT_LOG_PROBS} come, [1]. */
    RETURN_LOG_PROBS(Datatype.BOOL, "logprobs", "return_log_probs"),
    /** How many {@link OutputTensor#TOP_LOGPROBS} come for each token, [1]. */
    NUM_LOGPROBS(Datatype.INT32, "top_logprobs", "num_logprobs"),
    /** How {@link #GUIDED_DECODING_GUIDE} is to be read, [1]; {@link Guide.Type} has the values. NVIDIA's backend ignores an unknown one without a word. */
    GUIDED_DECODING_GUIDE_TYPE(Datatype.BYTES, "response_format", "guided_decoding_guide_type"),
    /** What the answer must look like, [1]. */
    GUIDED_DECODING_GUIDE(Datatype.BYTES, "response_format", "guided_decoding_guide");

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
