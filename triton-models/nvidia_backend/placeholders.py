"""The placeholders of `config.pbtxt.template`: what each may be, and what it is when nobody says."""

import re
from dataclasses import dataclass

NAMES = {"new": ("seed", "min_tokens"), "old": ("random_seed", "min_length")}
QUOTE_OR_CONTROL = re.compile(r'[\x00-\x1f"\\$]')


@dataclass(frozen=True)
class Placeholder:
    """One that is filled by its own name; `default` None: it has to be told, `optional`: or its line is left out."""

    name: str
    expected: str
    accepts: object
    default: str | None = None
    optional: bool = False


def _one_of(name, *values):
    """The first one is the default."""
    return Placeholder(name, " or ".join(values), values.__contains__, default=values[0])


def _number(name, low, default=None, optional=False):
    def accepts(value):
        return value.isascii() and value.isdecimal() and low <= int(value) < 2**63

    return Placeholder(name, f"a whole number, {low} or more", accepts, default, optional)


def _path(name, optional=False):
    return Placeholder(name, "an absolute path", lambda value: value.startswith("/"), optional=optional)


def _matching(name, expected, pattern, default=None, optional=False):
    return Placeholder(name, expected, lambda value: bool(re.fullmatch(pattern, value)), default, optional)


PLACEHOLDERS = (
    _one_of("backend", "tensorrtllm", "python"),
    _number("triton_max_batch_size", 1),
    _number("max_queue_size", 0, default="1024"),
    _path("engine_dir"),
    _number("max_seq_len", 2),
    _number("vocab_size", 1),
    _one_of("batch_scheduler_policy", "guaranteed_no_evict", "max_utilization"),
    _one_of("enable_chunked_context", "true", "false"),
    _one_of("enable_kv_cache_reuse", "true", "false"),
    _matching("kv_cache_free_gpu_mem_fraction", "above 0, at most 1", r"1(\.0+)?|0?\.\d*[1-9]\d*", default="0.9"),
    _number("kv_cache_host_memory_bytes", 0, default="0"),
    _number("max_tokens_in_paged_kv_cache", 1, optional=True),
    _number("cancellation_check_period_ms", 1, default="100"),
    _number("stats_check_period_ms", 1, default="100"),
    _matching("gpu_device_ids", "such as 0,1 or, one group an instance, 0,1;2,3", r"\d+([,;]\d+)*", optional=True),
    _path("lora_prefetch_dir", optional=True),
    _matching("guided_decoding_backend", "xgrammar", "xgrammar", optional=True),
    _path("xgrammar_tokenizer_info_path", optional=True),
    _one_of("logits_datatype", "TYPE_FP32", "TYPE_FP16", "TYPE_BF16"),
    _one_of("model_datatype", "TYPE_FP16", "TYPE_BF16", "TYPE_FP32"),
    _one_of("tensor_names", *NAMES),
)
BY_NAME = {each.name: each for each in PLACEHOLDERS}


def fault_of(name, value):
    """What is wrong with a value; None if nothing is."""
    placeholder = BY_NAME[name]
    if QUOTE_OR_CONTROL.search(value):
        return f"{name}: quotes, backslashes, $ and control characters are not possible"
    if not placeholder.accepts(value):
        return f"{name}: {value} (expected: {placeholder.expected})"
    return None
