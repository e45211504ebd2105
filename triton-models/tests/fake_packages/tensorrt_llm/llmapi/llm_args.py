"""What `LLM` can be told; the real ones are pydantic models and classes of the C++ runtime."""

from dataclasses import dataclass, field, fields


@dataclass(kw_only=True)
class KvCacheConfig:
    enable_block_reuse: bool = True
    max_tokens: int | None = None
    free_gpu_memory_fraction: float | None = 0.9
    host_cache_size: int | None = None
    dtype: str = "auto"


class KvCacheRetentionConfig:
    class TokenRangeRetentionConfig:
        def __init__(self, token_start, token_end=None, priority=35, duration_ms=None):
            self.token_start = token_start
            self.token_end = token_end
            self.priority = priority
            self.duration_ms = duration_ms

    def __init__(self, token_range_retention_configs, decode_retention_priority=35, decode_duration_ms=None):
        if any(each.token_end is None for each in token_range_retention_configs[:-1]):
            raise ValueError("only the last range may be open")
        self.token_range_retention_configs = token_range_retention_configs
        self.decode_retention_priority = decode_retention_priority
        self.decode_duration_ms = decode_duration_ms


@dataclass(kw_only=True)
class TorchLlmArgs:
    model: object
    tokenizer: object = None
    tokenizer_mode: str = "auto"
    skip_tokenizer_init: bool = False
    trust_remote_code: bool = False
    tensor_parallel_size: int = 1
    dtype: str = "auto"
    revision: str | None = None
    tokenizer_revision: str | None = None
    pipeline_parallel_size: int = 1
    max_batch_size: int | None = None
    max_seq_len: int | None = None
    max_num_tokens: int | None = None
    enable_chunked_prefill: bool = False
    kv_cache_config: KvCacheConfig = field(default_factory=KvCacheConfig)
    guided_decoding_backend: str | None = None
    force_dynamic_quantization: bool = False
    stream_interval: int = 1
    enable_iter_perf_stats: bool = False
    sampler_type: str = "auto"
    lora_config: object = None

    def __post_init__(self):
        if self.stream_interval <= 0:
            raise ValueError(f"stream_interval must be positive, got {self.stream_interval}")


def known_arguments():
    return {each.name for each in fields(TorchLlmArgs)}
