"""From settings to a loaded engine, and what is known of it before: the version that is installed says it."""

import importlib.util
import json
import re
from pathlib import Path

from executor.capabilities import ALL_GUIDES, Capabilities
from executor.engine import EngineLimits
from executor.settings import InvalidSettings
from executor.tensors import GPU, refused_by

from .model_file import read_model_file
from .samplers import choose_sampler, ignored_by, options_of

OLDEST = (1, 0)
LATEST_RELEASE = (1, 2)
GUIDES_FROM = (1, 2)  # before, a guide that the grammar backend refuses ends the executor, and with it all requests
VERSION = re.compile(r'__version__\s*=\s*["\'](\d+)\.(\d+)')
GUIDES = ("guided_decoding_guide_type", "guided_decoding_guide")


def is_installed():
    """A folder of that name alone is no package."""
    package = importlib.util.find_spec("tensorrt_llm")
    return package is not None and package.origin is not None


def installed_version():
    """TensorRT-LLM's first two numbers, read without importing it, which takes a GPU; raises `InvalidSettings`."""
    if not is_installed():
        raise InvalidSettings("engine: tensorrt_llm (expected: the Python package of that name, which is not there)")
    package = importlib.util.find_spec("tensorrt_llm")
    found = VERSION.search((Path(package.origin).parent / "version.py").read_text(encoding="utf-8"))
    version = tuple(map(int, found.groups())) if found else (0, 0)
    if version < OLDEST:
        raise InvalidSettings(f"engine: tensorrt_llm {version[0]}.{version[1]} (expected: 1.0 or newer)")
    return version


def known_capabilities(settings):
    """Nothing is loaded for this. Where TensorRT-LLM is not installed they are those over its latest release."""
    version = installed_version() if is_installed() else LATEST_RELEASE
    return _capabilities(read_model_file(settings.model_path), version)


def load_engine(settings):
    """Reads the weights, which takes minutes. Raises `InvalidSettings`."""
    file, version = read_model_file(settings.model_path), installed_version()
    _check_vocabulary(settings, file)

    from tensorrt_llm.llmapi import LLM

    from .engine import TrtLlmEngine
    from .sampling import CallWriter

    limits = EngineLimits(settings.max_seq_len, settings.vocab_size, _capabilities(file, version))
    return TrtLlmEngine(
        LLM(**arguments(settings, file, version)),
        limits,
        CallWriter(file.lora_adapters),
        settings.max_batch_size,
        settings.max_queue_size,
        settings.stats_check_period_ms / 1000,
    )


def arguments(settings, file, version):
    """Those of `LLM`. A tokenizer is only needed by guides, which want to know the texts of all tokens."""
    from tensorrt_llm.llmapi import KvCacheConfig

    has_guides = _has_guides(file, version)
    return {
        "model": file.model,
        "skip_tokenizer_init": not has_guides,
        "trust_remote_code": file.trust_remote_code,
        "tensor_parallel_size": file.tensor_parallel_size,
        "pipeline_parallel_size": file.pipeline_parallel_size,
        "max_batch_size": settings.max_batch_size,
        "max_seq_len": settings.max_seq_len,
        "max_num_tokens": file.max_num_tokens,
        "enable_chunked_prefill": file.enable_chunked_prefill,
        "kv_cache_config": KvCacheConfig(
            enable_block_reuse=settings.enable_kv_cache_reuse,
            max_tokens=settings.max_tokens_in_paged_kv_cache or None,
            free_gpu_memory_fraction=file.kv_cache_free_gpu_memory_fraction,
            host_cache_size=file.kv_cache_host_bytes or None,
            **_if_asked("dtype", file.kv_cache_dtype, "auto"),
        ),
        "guided_decoding_backend": file.guided_decoding_backend if has_guides else None,
        **_if_asked("force_dynamic_quantization", file.force_dynamic_quantization, False),
        "stream_interval": file.stream_interval,
        "enable_iter_perf_stats": True,
        **options_of(choose_sampler(file.sampler, version), version),
        **_lora(file),
    }


def _if_asked(name, value, default):
    """What not every version may know is not said without need."""
    return {} if value == default else {name: value}


def _has_guides(file, version):
    return file.has_guides and version >= GUIDES_FROM


def _lora(file):
    if not file.lora_adapters:
        return {}
    from tensorrt_llm.lora_manager import LoraConfig  # where all versions have it, also those that moved it

    config = LoraConfig(
        lora_dir=list(file.lora_adapters.values()),
        max_lora_rank=file.lora_max_rank,
        lora_target_modules=list(file.lora_target_modules),
        max_loras=file.lora_max_on_gpu,
        max_cpu_loras=file.lora_max_on_host,
    )
    return {"lora_config": config}


def _capabilities(file, version):
    refused = {*refused_by(GPU), *ignored_by(choose_sampler(file.sampler, version), version)}
    has_guides = _has_guides(file, version)
    if not has_guides:
        refused.update(GUIDES)
    if not file.lora_adapters:
        refused.add("lora_task_id")
    return Capabilities(
        unsupported_inputs=tuple(sorted(refused)),
        min_tokens_bans=("end_id",),
        guided_decoding_types=ALL_GUIDES if has_guides else (),
    )


def _check_vocabulary(settings, file):
    """A bias has a number for each token that the model has logits of, which may be more than its tokenizer knows."""
    path = Path(file.model) / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise InvalidSettings(f"model.yaml: model: {file.model} (expected: a checkpoint: {fault})") from fault
    size = config.get("vocab_size") or config.get("text_config", {}).get("vocab_size")
    if size != settings.vocab_size:
        raise InvalidSettings(f"vocab_size: {settings.vocab_size} (expected: the model's {size})")
