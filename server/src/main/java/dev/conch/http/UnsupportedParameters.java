package dev.conch.http;

import dev.conch.generation.ErrorCode;
import dev.conch.generation.GenerationException;
import io.micronaut.json.tree.JsonNode;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Parameters that OpenAI or the extensions in use define and that this server does not honour yet. They are refused by name rather than
 * ignored, unless their value asks for what happens anyway. Fields that nobody defined are tolerated: SDKs add them.
 */
final class UnsupportedParameters {
    /** Name to the values that are honoured because they ask for nothing. */
    private static final Map<String, Predicate<JsonNode>> PARAMETERS = Map.ofEntries(
            // OpenAI
            Map.entry("audio", UnsupportedParameters::never),
            Map.entry("function_call", text("none")),
            Map.entry("functions", UnsupportedParameters::empty),
            Map.entry("logit_bias", UnsupportedParameters::empty),
            Map.entry("logprobs", bool(false)),
            Map.entry("metadata", UnsupportedParameters::empty),
            Map.entry("modalities", UnsupportedParameters::textOnly),
            Map.entry("moderation", UnsupportedParameters::never),
            Map.entry("n", number(1)),
            // without tools there is nothing that it could ask for
            Map.entry("parallel_tool_calls", node -> true),
            Map.entry("prediction", UnsupportedParameters::never),
            Map.entry("prompt_cache_key", UnsupportedParameters::never),
            Map.entry("prompt_cache_options", UnsupportedParameters::never),
            Map.entry("prompt_cache_retention", UnsupportedParameters::never),
            Map.entry("reasoning_effort", UnsupportedParameters::never),
            Map.entry("response_format", UnsupportedParameters::textFormat),
            Map.entry("safety_identifier", UnsupportedParameters::never),
            Map.entry("service_tier", text("auto").or(text("default"))),
            Map.entry("store", bool(false)),
            Map.entry("tool_choice", text("none").or(text("auto"))),
            // rendering them is there, but calls in the answer would come out as text
            Map.entry("tools", UnsupportedParameters::empty),
            Map.entry("top_logprobs", number(0)),
            Map.entry("verbosity", UnsupportedParameters::never),
            Map.entry("web_search_options", UnsupportedParameters::never),
            // as users of vLLM, TensorRT-LLM, Dynamo, smg and llama.cpp know them
            Map.entry("detokenize", bool(true)),
            Map.entry("dry_multiplier", number(0)),
            Map.entry("dynatemp_range", number(0)),
            Map.entry("early_stopping", bool(false)),
            Map.entry("ebnf", UnsupportedParameters::never),
            Map.entry("grammar", UnsupportedParameters::never),
            Map.entry("json_schema", UnsupportedParameters::never),
            Map.entry("logprob_token_ids", UnsupportedParameters::empty),
            Map.entry("logit_processors", UnsupportedParameters::empty),
            Map.entry("lora_request", UnsupportedParameters::never),
            Map.entry("mirostat", number(0)),
            Map.entry("no_repeat_ngram_size", number(0)),
            Map.entry("no_stop_trim", bool(false)),
            Map.entry("regex", UnsupportedParameters::never),
            Map.entry("repeat_penalty", number(1)),
            Map.entry("repetition_detection", UnsupportedParameters::never),
            Map.entry("stream_interval", number(1)),
            Map.entry("structural_tag", UnsupportedParameters::never),
            Map.entry("thinking_token_budget", UnsupportedParameters::never),
            Map.entry("typical_p", number(1)),
            Map.entry("xtc_probability", number(0)),
            Map.entry("add_special_tokens", bool(false)),
            Map.entry("allowed_token_ids", UnsupportedParameters::empty),
            Map.entry("bad_words", UnsupportedParameters::empty),
            Map.entry("best_of", number(1)),
            Map.entry("cache_salt", UnsupportedParameters::never),
            Map.entry("echo", bool(false)),
            Map.entry("guided_choice", UnsupportedParameters::never),
            Map.entry("guided_grammar", UnsupportedParameters::never),
            Map.entry("guided_json", UnsupportedParameters::never),
            Map.entry("guided_regex", UnsupportedParameters::never),
            Map.entry("ignore_eos", bool(false)),
            Map.entry("include_stop_str_in_output", bool(false)),
            Map.entry("length_penalty", number(1)),
            Map.entry("min_p", number(0)),
            Map.entry("min_tokens", number(0)),
            Map.entry("priority", number(0)),
            Map.entry("prompt_logprobs", UnsupportedParameters::never),
            Map.entry("repetition_penalty", number(1)),
            Map.entry("request_id", UnsupportedParameters::never),
            Map.entry("return_token_ids", bool(false)),
            Map.entry("return_tokens_as_token_ids", bool(false)),
            Map.entry("skip_special_tokens", bool(true)),
            Map.entry("spaces_between_special_tokens", UnsupportedParameters::never),
            Map.entry("stop_token_ids", UnsupportedParameters::empty),
            Map.entry("structured_outputs", UnsupportedParameters::never),
            Map.entry("top_k", number(0).or(number(-1))),
            Map.entry("truncate_prompt_tokens", UnsupportedParameters::never),
            Map.entry("use_beam_search", bool(false)));

    private static final Map<String, Predicate<JsonNode>> STREAM_OPTIONS =
            Map.of("include_obfuscation", bool(false), "continuous_usage_stats", bool(false));

    private static final Map<String, Predicate<JsonNode>> MESSAGE_FIELDS = Map.of(
            "function_call",
            UnsupportedParameters::never,
            "audio",
            UnsupportedParameters::never,
            "refusal",
            UnsupportedParameters::never);

    private UnsupportedParameters() {}

    static void refuse(JsonFields request) {
        refuse(request, PARAMETERS);
    }

    static void refuseStreamOptions(JsonFields options) {
        refuse(options, STREAM_OPTIONS);
    }

    static void refuseInMessage(JsonFields message) {
        refuse(message, MESSAGE_FIELDS);
    }

    private static void refuse(JsonFields fields, Map<String, Predicate<JsonNode>> unsupported) {
        for (Map.Entry<String, JsonNode> field : fields.entries()) {
            Predicate<JsonNode> neutral = unsupported.get(field.getKey());
            if (neutral != null && !field.getValue().isNull() && !neutral.test(field.getValue())) {
                String path = fields.path(field.getKey());
                throw new GenerationException(
                        ErrorCode.UNSUPPORTED_PARAMETER,
                        "Unsupported parameter: '%s' is not supported by this server.".formatted(path),
                        path);
            }
        }
    }

    private static boolean never(JsonNode node) {
        return false;
    }

    private static boolean empty(JsonNode node) {
        return node.isContainerNode() && node.size() == 0;
    }

    private static Predicate<JsonNode> bool(boolean value) {
        return node -> node.isBoolean() && node.getBooleanValue() == value;
    }

    private static Predicate<JsonNode> text(String value) {
        return node -> node.isString() && node.getStringValue().equals(value);
    }

    private static Predicate<JsonNode> number(double value) {
        return node -> node.isNumber() && node.getNumberValue().doubleValue() == value;
    }

    private static boolean textFormat(JsonNode node) {
        JsonNode type = node.isObject() ? node.get("type") : null;
        return type != null && text("text").test(type);
    }

    private static boolean textOnly(JsonNode node) {
        return node.isArray()
                && node.size() == 1
                && text("text").test(node.values().iterator().next());
    }
}
