package dev.conch.sim.tensor;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The inputs that Conch's own model declares, since the contract has them, and does not honour: its parameter {@code
 * unsupported_inputs}. It takes them while they ask for nothing: absent, empty or equal to their default.
 */
public final class UnsupportedInputs {
    /** In the model's order, with the default of those that are a number or a text. */
    private static final Map<String, ByteString> DEFAULTS = new LinkedHashMap<>();

    static {
        Stream.of(
                        Tensor.fp32Row("runtime_top_p_min", 1e-6f),
                        Tensor.fp32Row("runtime_top_p_decay", 1),
                        Tensor.int32("runtime_top_p_reset_ids", -1),
                        Tensor.bool("return_context_logits", false),
                        Tensor.bool("return_generation_logits", false),
                        Tensor.bool("return_perf_metrics", false),
                        Tensor.int32("beam_width", 1),
                        Tensor.fp32Row("len_penalty", 0),
                        Tensor.bool("early_stopping", false),
                        Tensor.fp32Row("beam_search_diversity_rate", 0),
                        empty("prompt_embedding_table"),
                        Tensor.int32("prompt_vocab_size", 0),
                        empty("prompt_table_extra_ids"),
                        Tensor.uint64("lora_task_id", 0),
                        empty("lora_weights"),
                        empty("lora_config"),
                        empty("draft_input_ids"),
                        empty("draft_logits"),
                        Tensor.fp32Row("draft_acceptance_threshold", 0),
                        empty("decoder_input_ids"),
                        Tensor.int32("decoder_input_lengths", 0),
                        empty("encoder_input_features"),
                        Tensor.int32("encoder_output_lengths", 0),
                        empty("cross_attention_mask"),
                        Tensor.bool("skip_cross_attn_blocks", false),
                        empty("mrope_rotary_cos_sin"),
                        Tensor.uint64("mrope_position_deltas", 0),
                        empty("context_phase_params"),
                        empty("retention_token_range_starts"),
                        empty("retention_token_range_ends"),
                        empty("retention_token_range_priorities"),
                        empty("retention_token_range_durations_ms"),
                        Tensor.int32("retention_decode_priority", 35),
                        Tensor.int32("retention_decode_duration_ms", -1),
                        Tensor.int32("lookahead_window_size", 0),
                        Tensor.int32("lookahead_ngram_size", 0),
                        Tensor.int32("lookahead_verification_set_size", 0))
                .forEach(tensor -> DEFAULTS.put(tensor.name(), tensor.data()));
    }

    private UnsupportedInputs() {}

    /** Their names, as the parameter lists them. */
    public static List<String> names() {
        return List.copyOf(DEFAULTS.keySet());
    }

    /** True if the tensor is one of them and asks for something. */
    public static boolean refuse(Tensor tensor) {
        ByteString neutral = DEFAULTS.get(tensor.name());
        return neutral != null && !tensor.data().isEmpty() && !tensor.data().equals(neutral);
    }

    private static Tensor empty(String name) {
        return Tensor.int32Row(name);
    }
}
