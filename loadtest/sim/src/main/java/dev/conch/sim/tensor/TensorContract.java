package dev.conch.sim.tensor;

import static dev.conch.sim.tensor.Datatype.BOOL;
import static dev.conch.sim.tensor.Datatype.BYTES;
import static dev.conch.sim.tensor.Datatype.FP16;
import static dev.conch.sim.tensor.Datatype.FP32;
import static dev.conch.sim.tensor.Datatype.INT32;
import static dev.conch.sim.tensor.Datatype.INT64;
import static dev.conch.sim.tensor.Datatype.UINT64;
import static dev.conch.sim.tensor.Datatype.UINT8;
import static dev.conch.sim.tensor.TensorSpec.array;
import static dev.conch.sim.tensor.TensorSpec.required;
import static dev.conch.sim.tensor.TensorSpec.scalar;

import dev.conch.sim.script.EngineVariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tensors that a variant of the {@code tensorrt_llm} model declares. Conch's own model has all that its {@code config.pbtxt}
 * has, and a test holds the two together. Of NVIDIA's backend, tensors of encoders, speculative decoding and prompt tables are
 * not here; as with any undeclared name, the server refuses them. Immutable.
 */
public record TensorContract(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    /** What a guide may be written in: the parameter {@code guided_decoding_types} of Conch's own model. */
    public static final List<String> GUIDE_TYPES =
            List.of("json", "json_schema", "regex", "ebnf_grammar", "structural_tag");

    public TensorContract {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public static TensorContract of(EngineVariant variant) {
        List<TensorSpec> inputs = new ArrayList<>(inputsOfTensorRtLlm(variant));
        List<TensorSpec> outputs = new ArrayList<>(outputsOfTensorRtLlm());
        if (variant.additiveTensors()) {
            inputs.addAll(additiveInputs());
            inputs.addAll(restOfTensorRtLlm());
            outputs.addAll(additiveOutputs());
            outputs.addAll(neverSent());
        }
        if (variant.finishReason()) {
            outputs.add(array("finish_reason", BYTES, 1));
            inputs.addAll(subscriptionInputs());
            outputs.addAll(stepOutputs());
        }
        return new TensorContract(inputs, outputs);
    }

    /** Without the inputs of requests about subscriptions: what a submission may hold. */
    public TensorContract ofRequests() {
        List<String> others =
                subscriptionInputs().stream().map(TensorSpec::name).toList();
        return new TensorContract(
                inputs.stream().filter(input -> !others.contains(input.name())).toList(), outputs);
    }

    public Optional<TensorSpec> input(String name) {
        return named(inputs, name);
    }

    public Optional<TensorSpec> output(String name) {
        return named(outputs, name);
    }

    private static Optional<TensorSpec> named(List<TensorSpec> specs, String name) {
        return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
    }

    private static List<TensorSpec> inputsOfTensorRtLlm(EngineVariant variant) {
        return List.of(
                array("input_ids", INT32, -1),
                required("input_lengths", INT32),
                required("request_output_len", INT32),
                scalar("end_id", INT32),
                scalar("pad_id", INT32),
                scalar("streaming", BOOL),
                scalar("stop", BOOL),
                array("stop_words_list", INT32, 2, -1),
                array("bad_words_list", INT32, 2, -1),
                array("embedding_bias", FP32, -1),
                scalar("beam_width", INT32),
                scalar("num_return_sequences", INT32),
                scalar("temperature", FP32),
                scalar("runtime_top_k", INT32),
                scalar("runtime_top_p", FP32),
                scalar("runtime_top_p_min", FP32),
                scalar("runtime_top_p_decay", FP32),
                scalar("runtime_top_p_reset_ids", INT32),
                scalar("len_penalty", FP32),
                scalar("early_stopping", BOOL),
                scalar("repetition_penalty", FP32),
                scalar("presence_penalty", FP32),
                scalar("frequency_penalty", FP32),
                scalar(variant.minTokens(), INT32),
                scalar(variant.seed(), UINT64),
                scalar("return_log_probs", BOOL),
                scalar("return_context_logits", BOOL),
                scalar("return_generation_logits", BOOL),
                scalar("return_perf_metrics", BOOL),
                scalar("return_num_input_tokens", BOOL),
                scalar("return_num_output_tokens", BOOL),
                scalar("exclude_input_in_output", BOOL),
                scalar("lora_task_id", UINT64),
                array("guided_decoding_guide_type", BYTES, 1),
                array("guided_decoding_guide", BYTES, 1));
    }

    private static List<TensorSpec> outputsOfTensorRtLlm() {
        return List.of(
                array("output_ids", INT32, -1, -1),
                array("sequence_length", INT32, -1),
                array("cum_log_probs", FP32, -1),
                array("output_log_probs", FP32, -1, -1),
                array("sequence_index", INT32, 1),
                array("num_input_tokens", INT32, 1),
                array("num_output_tokens", INT32, 1));
    }

    private static List<TensorSpec> additiveInputs() {
        return List.of(scalar("min_p", FP32), scalar("num_logprobs", INT32), scalar("no_repeat_ngram_size", INT32));
    }

    /** Inputs that Conch's model refuses by name, see {@link UnsupportedInputs}. */
    private static List<TensorSpec> restOfTensorRtLlm() {
        return List.of(
                scalar("beam_search_diversity_rate", FP32),
                array("prompt_embedding_table", FP16, -1, -1),
                scalar("prompt_vocab_size", INT32),
                array("prompt_table_extra_ids", UINT64, -1),
                array("lora_weights", FP16, -1, -1),
                array("lora_config", INT32, -1, 3),
                array("draft_input_ids", INT32, -1),
                array("draft_logits", FP32, -1, -1),
                scalar("draft_acceptance_threshold", FP32),
                array("decoder_input_ids", INT32, -1),
                scalar("decoder_input_lengths", INT32),
                array("encoder_input_features", FP16, -1, -1),
                scalar("encoder_output_lengths", INT32),
                array("cross_attention_mask", BOOL, -1, -1),
                array("skip_cross_attn_blocks", BOOL, 1),
                array("mrope_rotary_cos_sin", FP32, -1),
                array("mrope_position_deltas", INT64, 1),
                array("context_phase_params", UINT8, -1),
                array("retention_token_range_starts", INT32, -1),
                array("retention_token_range_ends", INT32, -1),
                array("retention_token_range_priorities", INT32, -1),
                array("retention_token_range_durations_ms", INT32, -1),
                array("retention_decode_priority", INT32, 1),
                array("retention_decode_duration_ms", INT32, 1),
                array("lookahead_window_size", INT32, 1),
                array("lookahead_ngram_size", INT32, 1),
                array("lookahead_verification_set_size", INT32, 1));
    }

    private static List<TensorSpec> additiveOutputs() {
        return List.of(
                array("cached_tokens", INT32, 1),
                array("top_logprob_ids", INT32, -1, -1),
                array("top_logprobs", FP32, -1, -1));
    }

    /** Of the requests about subscriptions (docs/adr/0008), which engines alone offer that tell why a sequence has ended. */
    private static List<TensorSpec> subscriptionInputs() {
        return List.of(
                array("subscribe", BOOL, 1),
                array("window", INT32, 1),
                array("subscription", BYTES, 1),
                array("submissions", BYTES, -1),
                array("handles", UINT64, -1),
                array("acknowledged", INT64, 1));
    }

    /** The news of one step to a subscription. */
    private static List<TensorSpec> stepOutputs() {
        return List.of(
                array("step", INT64, 1),
                array("step_handles", UINT64, -1),
                array("step_sequences", INT32, -1),
                array("step_counts", INT32, -1),
                array("step_ids", INT32, -1),
                array("step_ends", UINT8, -1),
                array("step_errors", BYTES, -1),
                array("step_cached_tokens", INT32, -1),
                array("step_log_probs", FP32, -1),
                array("step_top_ids", INT32, -1),
                array("step_top_log_probs", FP32, -1));
    }

    /** Outputs that Conch's model declares, since the contract has them. */
    private static List<TensorSpec> neverSent() {
        return List.of(
                array("context_logits", FP32, -1, -1),
                array("generation_logits", FP32, -1, -1, -1),
                array("batch_index", INT32, 1),
                array("context_phase_params", UINT8, -1),
                array("kv_cache_alloc_new_blocks", INT32, 1),
                array("kv_cache_reused_blocks", INT32, 1),
                array("kv_cache_alloc_total_blocks", INT32, 1),
                array("arrival_time_ns", INT64, 1),
                array("first_scheduled_time_ns", INT64, 1),
                array("first_token_time_ns", INT64, 1),
                array("last_token_time_ns", INT64, 1),
                array("acceptance_rate", FP32, 1),
                array("total_accepted_draft_tokens", INT32, 1),
                array("total_draft_tokens", INT32, 1));
    }
}
