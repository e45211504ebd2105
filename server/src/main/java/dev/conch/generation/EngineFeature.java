package dev.conch.generation;

/** What an engine may or may not be able to do for a request, by the name under which a client asks for it. */
public enum EngineFeature {
    TEMPERATURE("temperature"),
    TOP_P("top_p"),
    TOP_K("top_k"),
    MIN_P("min_p"),
    SEED("seed"),
    FREQUENCY_PENALTY("frequency_penalty"),
    PRESENCE_PENALTY("presence_penalty"),
    REPETITION_PENALTY("repetition_penalty"),
    NO_REPEAT_NGRAM_SIZE("no_repeat_ngram_size"),
    LOGIT_BIAS("logit_bias"),
    BAD_WORDS("bad_words"),
    MIN_TOKENS("min_tokens"),
    LOGPROBS("logprobs"),
    TOP_LOGPROBS("top_logprobs"),
    /** It says how much of a prompt it did not have to compute. */
    CACHED_TOKENS("cached_tokens"),
    /** It can be held to JSON, and to a schema of it. */
    GUIDED_JSON("response_format"),
    GUIDED_REGEX("guided_regex"),
    GUIDED_GRAMMAR("guided_grammar"),
    /** It can be held to a tree of texts, schemas and grammars. */
    STRUCTURAL_TAG("structural_tag");

    private final String param;

    EngineFeature(String param) {
        this.param = param;
    }

    /** The parameter's name on the wire. */
    public String param() {
        return param;
    }
}
