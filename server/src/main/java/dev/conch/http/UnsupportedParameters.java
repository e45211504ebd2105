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
    private static final Predicate<JsonNode> NEVER = node -> false;
    private static final Predicate<JsonNode> EMPTY = node -> node.isContainerNode() && node.size() == 0;
    private static final Predicate<JsonNode> FALSE = node -> node.isBoolean() && !node.getBooleanValue();
    private static final Predicate<JsonNode> TRUE = node -> node.isBoolean() && node.getBooleanValue();

    /** Name to the values that are honoured because they ask for nothing. */
    private static final Map<String, Predicate<JsonNode>> PARAMETERS = Map.ofEntries(
            // OpenAI
            Map.entry("audio", NEVER),
            Map.entry("function_call", text("none")),
            Map.entry("functions", EMPTY),
            Map.entry("logit_bias", EMPTY),
            Map.entry("logprobs", FALSE),
            Map.entry("metadata", EMPTY),
            Map.entry("modalities", UnsupportedParameters::textOnly),
            Map.entry("moderation", NEVER),
            Map.entry("n", number(1)),
            Map.entry("parallel_tool_calls", node -> true),
            Map.entry("prediction", NEVER),
            Map.entry("prompt_cache_key", NEVER),
            Map.entry("prompt_cache_options", NEVER),
            Map.entry("prompt_cache_retention", NEVER),
            Map.entry("reasoning_effort", NEVER),
            Map.entry("response_format", UnsupportedParameters::textFormat),
            Map.entry("safety_identifier", NEVER),
            Map.entry("service_tier", text("auto").or(text("default"))),
            Map.entry("store", FALSE),
            Map.entry("tool_choice", text("none").or(text("auto"))),
            Map.entry("tools", EMPTY),
            Map.entry("top_logprobs", number(0)),
            Map.entry("verbosity", NEVER),
            Map.entry("web_search_options", NEVER),
            // as vLLM's and TensorRT-LLM's users know them
            Map.entry("add_generation_prompt", TRUE),
            Map.entry("add_special_tokens", FALSE),
            Map.entry("allowed_token_ids", EMPTY),
            Map.entry("bad_words", EMPTY),
            Map.entry("best_of", number(1)),
            Map.entry("cache_salt", NEVER),
            Map.entry("chat_template", NEVER),
            Map.entry("chat_template_kwargs", EMPTY),
            Map.entry("continue_final_message", FALSE),
            Map.entry("documents", EMPTY),
            Map.entry("echo", FALSE),
            Map.entry("guided_choice", NEVER),
            Map.entry("guided_grammar", NEVER),
            Map.entry("guided_json", NEVER),
            Map.entry("guided_regex", NEVER),
            Map.entry("ignore_eos", FALSE),
            Map.entry("include_stop_str_in_output", FALSE),
            Map.entry("length_penalty", number(1)),
            Map.entry("min_p", number(0)),
            Map.entry("min_tokens", number(0)),
            Map.entry("priority", number(0)),
            Map.entry("prompt_logprobs", NEVER),
            Map.entry("repetition_penalty", number(1)),
            Map.entry("request_id", NEVER),
            Map.entry("return_token_ids", FALSE),
            Map.entry("return_tokens_as_token_ids", FALSE),
            Map.entry("skip_special_tokens", TRUE),
            Map.entry("spaces_between_special_tokens", NEVER),
            Map.entry("stop_token_ids", EMPTY),
            Map.entry("structured_outputs", NEVER),
            Map.entry("top_k", number(0).or(number(-1))),
            Map.entry("truncate_prompt_tokens", NEVER),
            Map.entry("use_beam_search", FALSE));

    private static final Map<String, Predicate<JsonNode>> STREAM_OPTIONS =
            Map.of("include_obfuscation", FALSE, "continuous_usage_stats", FALSE);

    private static final Map<String, Predicate<JsonNode>> MESSAGE_FIELDS =
            Map.of("tool_calls", EMPTY, "function_call", NEVER, "audio", NEVER, "refusal", NEVER);

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
        return node.isArray() && node.size() == 1 && text("text").test(node.get(0));
    }
}
