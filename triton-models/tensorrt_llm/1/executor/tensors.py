"""The tensor contract: every tensor of TensorRT-LLM's `tensorrt_llm` model, and what this model makes of it.

This is the one table. Parsing and validation derive from it, `config.pbtxt` and the README's table are held to it by
tests. Names, types and dims are those of the C++ backend (TensorRT-LLM 1.2); rows marked `additive` are Conch's own.
Dims leave out the batch dimension. A tensor with `reshape` is a scalar to the backend: config dims [1], reshape [].

`REQUEST_INPUTS` are those of a generation request, `SUBSCRIPTION_INPUTS` those of requests about subscriptions
(docs/adr/0008).

Each engine honours some of the inputs (`honoured_by`; what depends on its settings is in `capabilities.py`). Others are
accepted while they ask for nothing: absent, empty, or equal to the default. Otherwise they are refused by name.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

NUMPY_TYPES = {
    "BOOL": np.bool_,
    "INT32": np.int32,
    "INT64": np.int64,
    "UINT8": np.uint8,
    "UINT64": np.uint64,
    "FP16": np.float16,
    "FP32": np.float32,
    "STRING": np.object_,
}


@dataclass(frozen=True)
class Range:
    """The values a scalar may take, both ends included unless `above` replaces the lower one."""

    low: float = -inf
    high: float = inf
    above: float = -inf

    def __contains__(self, value):
        return self.low <= value <= self.high and (value > self.above or self.above == -inf)

    def __str__(self):
        if self.above != -inf:
            return f"> {self.above:g}"
        if self.high == inf:
            return f">= {self.low:g}"
        return f"{self.low:g} to {self.high:g}"


FINITE = Range(-3.4e38, 3.4e38)
MOST_SEQUENCES = 256
MOST_LOGPROBS = 100
CPU = "llama_cpp"
GPU = "tensorrt_llm"
NULL = "null"


@dataclass(frozen=True)
class InputTensor:
    """One input: its wire shape, what its absence means, and the engines that honour it."""

    name: str
    datatype: str
    dims: tuple[int, ...] = (1,)
    reshape: bool = True
    required: bool = False
    default: object = None
    range: Range | None = None
    honoured_by: tuple[str, ...] = (CPU, GPU)
    additive: bool = False

    @property
    def is_scalar(self):
        return self.dims == (1,)


@dataclass(frozen=True)
class OutputTensor:
    """One output and when a response has it (never, if this model does not produce it)."""

    name: str
    datatype: str
    dims: tuple[int, ...] = (1,)
    when: str | None = None
    additive: bool = False


def _scalar(name, datatype, default=None, **rest):
    return InputTensor(name, datatype, default=default, **rest)


def _vector(name, datatype, *dims, **rest):
    return InputTensor(name, datatype, dims=dims or (-1,), reshape=False, **rest)


def _refused(name, datatype, default=None):
    return InputTensor(name, datatype, default=default, honoured_by=())


def _refused_plain(name, datatype, default=None):
    return InputTensor(name, datatype, reshape=False, default=default, honoured_by=())


def _refused_vector(name, datatype, *dims):
    return InputTensor(name, datatype, dims=dims or (-1,), reshape=False, honoured_by=())


REQUEST_INPUTS = (
    _vector("input_ids", "INT32"),
    _scalar("input_lengths", "INT32", required=True),
    _scalar("request_output_len", "INT32", required=True),
    _scalar("end_id", "INT32", default=-1),
    _scalar("pad_id", "INT32", default=-1),
    _scalar("streaming", "BOOL", default=False),
    _scalar("stop", "BOOL", default=False),
    _vector("stop_words_list", "INT32", 2, -1),
    _vector("bad_words_list", "INT32", 2, -1),
    _vector("embedding_bias", "FP32"),
    _scalar("temperature", "FP32", default=1.0, range=Range(0, 3.4e38)),
    _scalar("runtime_top_k", "INT32", default=0, range=Range(0, 1024)),
    _scalar("runtime_top_p", "FP32", default=0.0, range=Range(-3.4e38, 1)),
    _scalar("runtime_top_p_min", "FP32", default=1e-6, range=Range(above=0, high=1), honoured_by=(GPU,)),
    _scalar("runtime_top_p_decay", "FP32", default=1.0, range=Range(above=0, high=1), honoured_by=(GPU,)),
    _scalar("runtime_top_p_reset_ids", "INT32", default=-1, range=Range(-1), honoured_by=(GPU,)),
    _scalar("repetition_penalty", "FP32", default=1.0, range=Range(above=0, high=3.4e38)),
    _scalar("presence_penalty", "FP32", default=0.0, range=FINITE),
    _scalar("frequency_penalty", "FP32", default=0.0, range=FINITE),
    _scalar("min_tokens", "INT32", default=0, range=Range(0)),
    _scalar("seed", "UINT64", default=0),
    _scalar("num_return_sequences", "INT32", default=1, range=Range(1, MOST_SEQUENCES)),
    _scalar("return_log_probs", "BOOL", default=False),
    _scalar("min_p", "FP32", default=0.0, range=Range(0, 1), additive=True),
    _scalar("num_logprobs", "INT32", default=0, range=Range(0, MOST_LOGPROBS), additive=True),
    _scalar("no_repeat_ngram_size", "INT32", default=0, range=Range(0, 64), additive=True),
    _scalar("exclude_input_in_output", "BOOL"),
    _scalar("return_num_input_tokens", "BOOL", default=False),
    _scalar("return_num_output_tokens", "BOOL", default=False),
    _refused("return_context_logits", "BOOL", default=False),
    _refused("return_generation_logits", "BOOL", default=False),
    _refused("return_perf_metrics", "BOOL", default=False),
    _refused("beam_width", "INT32", default=1),
    _refused("len_penalty", "FP32", default=0.0),
    _refused("early_stopping", "BOOL", default=False),
    _refused("beam_search_diversity_rate", "FP32", default=0.0),
    _refused_vector("prompt_embedding_table", "FP16", -1, -1),
    _refused("prompt_vocab_size", "INT32", default=0),
    _refused_vector("prompt_table_extra_ids", "UINT64"),
    _scalar("lora_task_id", "UINT64", default=0, honoured_by=(GPU,)),
    _refused_vector("lora_weights", "FP16", -1, -1),
    _refused_vector("lora_config", "INT32", -1, 3),
    _refused_vector("draft_input_ids", "INT32"),
    _refused_vector("draft_logits", "FP32", -1, -1),
    _refused("draft_acceptance_threshold", "FP32", default=0.0),
    _refused_vector("decoder_input_ids", "INT32"),
    _refused("decoder_input_lengths", "INT32", default=0),
    _refused_vector("encoder_input_features", "FP16", -1, -1),
    _refused("encoder_output_lengths", "INT32", default=0),
    _refused_vector("cross_attention_mask", "BOOL", -1, -1),
    _refused_plain("skip_cross_attn_blocks", "BOOL", default=False),
    _refused_vector("mrope_rotary_cos_sin", "FP32"),
    _refused_plain("mrope_position_deltas", "INT64", default=0),
    _refused_vector("context_phase_params", "UINT8"),
    _vector("retention_token_range_starts", "INT32", honoured_by=(GPU,)),
    _vector("retention_token_range_ends", "INT32", honoured_by=(GPU,)),
    _vector("retention_token_range_priorities", "INT32", honoured_by=(GPU,)),
    _vector("retention_token_range_durations_ms", "INT32", honoured_by=(GPU,)),
    _scalar("retention_decode_priority", "INT32", default=35, reshape=False, range=Range(0, 100), honoured_by=(GPU,)),
    _scalar("retention_decode_duration_ms", "INT32", default=-1, reshape=False, range=Range(-1), honoured_by=(GPU,)),
    _scalar("guided_decoding_guide_type", "STRING", default=b"", reshape=False),
    _scalar("guided_decoding_guide", "STRING", default=b"", reshape=False),
    _refused_plain("lookahead_window_size", "INT32", default=0),
    _refused_plain("lookahead_ngram_size", "INT32", default=0),
    _refused_plain("lookahead_verification_set_size", "INT32", default=0),
)


def _of_subscriptions(name, datatype, dims=1):
    return InputTensor(name, datatype, dims=(dims,), reshape=False, additive=True)


SUBSCRIPTION_INPUTS = (
    _of_subscriptions("subscribe", "BOOL"),
    _of_subscriptions("window", "INT32"),
    _of_subscriptions("subscription", "STRING"),
    _of_subscriptions("submissions", "STRING", -1),
    _of_subscriptions("handles", "UINT64", -1),
    _of_subscriptions("acknowledged", "INT64"),
)

INPUTS = (*REQUEST_INPUTS, *SUBSCRIPTION_INPUTS)


def _of_steps(name, datatype, when, dims=-1):
    return OutputTensor(name, datatype, (dims,), when=when, additive=True)


OUTPUTS = (
    OutputTensor("output_ids", "INT32", (-1, -1), when="every response"),
    OutputTensor("sequence_length", "INT32", (-1,), when="every response"),
    OutputTensor("finish_reason", "STRING", when="last response of each sequence", additive=True),
    OutputTensor("num_input_tokens", "INT32", when="first response; every one if `return_num_input_tokens`"),
    OutputTensor("cached_tokens", "INT32", when="first response", additive=True),
    OutputTensor("num_output_tokens", "INT32", when="`return_num_output_tokens`"),
    OutputTensor("cum_log_probs", "FP32", (-1,), when="`return_log_probs`"),
    OutputTensor("output_log_probs", "FP32", (-1, -1), when="`return_log_probs`"),
    OutputTensor("top_logprob_ids", "INT32", (-1, -1), when="`num_logprobs` > 0", additive=True),
    OutputTensor("top_logprobs", "FP32", (-1, -1), when="`num_logprobs` > 0", additive=True),
    OutputTensor("context_logits", "FP32", (-1, -1)),
    OutputTensor("generation_logits", "FP32", (-1, -1, -1)),
    OutputTensor("batch_index", "INT32"),
    OutputTensor("sequence_index", "INT32", when="`num_return_sequences` > 1"),
    OutputTensor("context_phase_params", "UINT8", (-1,)),
    OutputTensor("kv_cache_alloc_new_blocks", "INT32"),
    OutputTensor("kv_cache_reused_blocks", "INT32"),
    OutputTensor("kv_cache_alloc_total_blocks", "INT32"),
    OutputTensor("arrival_time_ns", "INT64"),
    OutputTensor("first_scheduled_time_ns", "INT64"),
    OutputTensor("first_token_time_ns", "INT64"),
    OutputTensor("last_token_time_ns", "INT64"),
    OutputTensor("acceptance_rate", "FP32"),
    OutputTensor("total_accepted_draft_tokens", "INT32"),
    OutputTensor("total_draft_tokens", "INT32"),
    _of_steps("step", "INT64", "every response of a subscription but the first", dims=1),
    _of_steps("step_handles", "UINT64", "beside `step`"),
    _of_steps("step_sequences", "INT32", "beside `step`, unless all are 0"),
    _of_steps("step_counts", "INT32", "beside `step`"),
    _of_steps("step_ids", "INT32", "beside `step`"),
    _of_steps("step_ends", "UINT8", "beside `step`, unless all are 0"),
    _of_steps("step_errors", "STRING", "beside `step_ends` with 4 or 5"),
    _of_steps("step_cached_tokens", "INT32", "beside `step`, with the first news of a request"),
    _of_steps("step_log_probs", "FP32", "beside `step`, `return_log_probs`"),
    _of_steps("step_top_ids", "INT32", "beside `step`, `num_logprobs` > 0"),
    _of_steps("step_top_log_probs", "FP32", "beside `step`, `num_logprobs` > 0"),
)

INPUT_BY_NAME = {tensor.name: tensor for tensor in INPUTS}


def refused_by(engine):
    """The names of the inputs that an engine refuses whatever its settings."""
    return tuple(tensor.name for tensor in INPUTS if engine not in tensor.honoured_by)


UNSUPPORTED_INPUTS = refused_by(CPU)


def asks_for_something(tensor, value):
    """Whether `value` is neither empty nor the default of an input."""
    if value.size == 0:
        return False
    if tensor.default is None:
        return True
    return bool(np.any(value != _as_sent(tensor)))


def _as_sent(tensor):
    """The default in the precision of the wire: 1e-6 is another number in FP32."""
    kind = NUMPY_TYPES[tensor.datatype]
    return tensor.default if kind is np.object_ else kind(tensor.default)
