"""The engines by the name that config.pbtxt chooses them with."""

import sysconfig
from pathlib import Path

from .capabilities import CPU_CAPABILITIES, NULL_CAPABILITIES
from .engine import EngineLimits
from .settings import InvalidSettings
from .tensors import CPU, GPU, NULL


def create_engine(settings):
    """The engine of these settings, loaded; an engine's packages are imported only when it is chosen."""
    if settings.engine not in _ENGINES:
        raise InvalidSettings(f"engine: {settings.engine} (expected: {', '.join(_ENGINES)})")
    return _ENGINES[settings.engine](settings)


def capabilities_of(settings):
    """What the engine of these settings will be able to do; nothing is loaded. Raises `InvalidSettings`."""
    if settings.engine != GPU:
        return NULL_CAPABILITIES if settings.engine == NULL else CPU_CAPABILITIES
    from .trtllm.loading import known_capabilities

    return known_capabilities(settings)


def _llama_cpp(settings):
    from .batching.batcher import InflightBatcher
    from .guided.compiler import GuideCompiler
    from .llama_cpp.evaluator import LlamaEvaluator

    evaluator = LlamaEvaluator(settings, _installed_file(settings.model_path))
    return InflightBatcher(
        evaluator,
        prefill_chunk_tokens=settings.prefill_chunk_tokens,
        max_queue_size=settings.max_queue_size,
        deterministic=settings.deterministic,
        reuses_kv_cache=settings.enable_kv_cache_reuse,
        guides=GuideCompiler.of(evaluator.token_texts()),
    )


def _null(settings):
    from .null_engine import NullEngine

    return NullEngine(
        EngineLimits(settings.max_seq_len, settings.vocab_size, NULL_CAPABILITIES),
        interval_s=settings.null_step_interval_us / 1e6,
        ids_are_clock=settings.null_ids_are_clock,
    )


def _installed_file(path):
    """A relative path is one inside an installed package."""
    return Path(sysconfig.get_paths()["purelib"]) / path


def _tensorrt_llm(settings):
    from .trtllm.loading import load_engine

    return load_engine(settings)


_ENGINES = {CPU: _llama_cpp, GPU: _tensorrt_llm, NULL: _null}
