package dev.conch.generation;

/**
 * Everything that can go wrong with a request, each with one meaning. What a client sees of it (status, OpenAI type) is decided in one
 * place, in the http room; the wire name is the {@code code} of OpenAI's error object.
 */
public enum ErrorCode {
    /** No key, or one that is not valid. */
    INVALID_API_KEY(Category.USER, "invalid_api_key"),
    /** The body is not one well-formed JSON object in UTF-8. */
    INVALID_JSON(Category.USER, "invalid_json"),
    /** Well-formed JSON, but nested or split up beyond all use. */
    JSON_TOO_COMPLEX(Category.USER, "json_too_complex"),
    /** A value of the wrong JSON type. */
    INVALID_TYPE(Category.USER, "invalid_type"),
    /** A value of the right type that is out of its range. */
    INVALID_VALUE(Category.USER, "invalid_value"),
    /** A number above its maximum. */
    INTEGER_ABOVE_MAX_VALUE(Category.USER, "integer_above_max_value"),
    /** A list with too many elements. */
    ARRAY_ABOVE_MAX_LENGTH(Category.USER, "array_above_max_length"),
    /** A text with too many characters. */
    STRING_ABOVE_MAX_LENGTH(Category.USER, "string_above_max_length"),
    /** A field that must be there is not. */
    MISSING_REQUIRED_PARAMETER(Category.USER, "missing_required_parameter"),
    /** A parameter that is known and that this server does not honour. */
    UNSUPPORTED_PARAMETER(Category.USER, "unsupported_parameter"),
    /** A parameter that nobody defined, where unknown ones are not tolerated. */
    UNKNOWN_PARAMETER(Category.USER, "unknown_parameter"),
    /** A kind of message content that the model cannot take. */
    UNSUPPORTED_CONTENT(Category.USER, "unsupported_content"),
    /** The model's chat template refuses these messages. */
    INVALID_MESSAGES(Category.USER, "invalid_messages"),
    /** A JSON Schema that is none, or that says what no engine enforces. */
    INVALID_JSON_SCHEMA(Category.USER, "invalid_json_schema"),
    /** A regular expression, grammar, choice or structural tag that is none, or that no engine takes. */
    INVALID_GRAMMAR(Category.USER, "invalid_grammar"),
    /** A schema, regular expression or grammar that would cost more than one request may. */
    GRAMMAR_TOO_COMPLEX(Category.USER, "grammar_too_complex"),
    /** Prompt and answer do not fit into the context window. */
    CONTEXT_LENGTH_EXCEEDED(Category.USER, "context_length_exceeded"),
    /** All choices of all prompts together are more tokens than one request may ask for. */
    REQUEST_TOO_LARGE(Category.USER, "request_too_large"),
    /** No model of that name is served. */
    MODEL_NOT_FOUND(Category.USER, "model_not_found"),
    /** No such path. */
    UNKNOWN_URL(Category.USER, "unknown_url"),
    /** The path exists, the method on it does not. */
    METHOD_NOT_ALLOWED(Category.USER, "method_not_allowed"),
    /** The body is not declared as JSON. */
    UNSUPPORTED_MEDIA_TYPE(Category.USER, "unsupported_media_type"),
    /** The body is larger than the server takes. */
    CONTENT_TOO_LARGE(Category.USER, "content_too_large"),
    /** The request line is longer than the server takes. */
    URI_TOO_LONG(Category.USER, "uri_too_long"),
    /** A header is larger than the server takes. */
    HEADERS_TOO_LARGE(Category.USER, "headers_too_large"),
    /** The body is compressed in a way that the server does not read. */
    UNSUPPORTED_ENCODING(Category.USER, "unsupported_encoding"),
    /** Head or body of the request came too slowly. */
    REQUEST_TIMEOUT(Category.USER, "request_timeout"),
    /** Something else is being done with the model. */
    MODEL_BUSY(Category.USER, "model_busy"),
    /** The request is not HTTP as it should be. */
    BAD_REQUEST(Category.USER, "bad_request"),

    /** All places are taken. */
    OVERLOADED(Category.OVERLOADED, "overloaded"),

    /** The server takes no new requests: it is about to end. */
    SHUTTING_DOWN(Category.OVERLOADED, "shutting_down"),

    /** No engine can be reached, or it has not loaded the model. */
    NO_HEALTHY_BACKEND(Category.UPSTREAM, "no_healthy_backend"),
    /** The engine failed after it had begun to answer. */
    UPSTREAM_INTERRUPTED(Category.UPSTREAM, "upstream_interrupted"),
    /** The engine was silent for too long. */
    UPSTREAM_TIMEOUT(Category.UPSTREAM, "upstream_timeout"),
    /** The engine did not produce a first token in time. */
    TIMEOUT(Category.UPSTREAM, "timeout"),
    /** The engine answered with something that breaks its contract. */
    BAD_UPSTREAM_RESPONSE(Category.UPSTREAM, "bad_upstream_response"),
    /** The engine refused what the front end had validated: a fault of this server. */
    UPSTREAM_REJECTED(Category.INTERNAL, "upstream_rejected"),

    /** The client reads too slowly, and its backlog has outgrown what one client may hold. */
    CLIENT_TOO_SLOW(Category.USER, "client_too_slow"),
    /** The operator's chat template is broken or runs away. */
    TEMPLATE_ERROR(Category.INTERNAL, "template_error"),
    /** A fault of this server. */
    INTERNAL_ERROR(Category.INTERNAL, "internal_error");

    /** Whose fault it is. */
    public enum Category {
        USER,
        OVERLOADED,
        UPSTREAM,
        INTERNAL
    }

    private final Category category;
    private final String wireName;

    ErrorCode(Category category, String wireName) {
        this.category = category;
        this.wireName = wireName;
    }

    public Category category() {
        return category;
    }

    /** The value of {@code error.code} on the wire. */
    public String wireName() {
        return wireName;
    }
}
