"""The engines by the name that config.pbtxt chooses them with."""

import sysconfig
from pathlib import Path

from .settings import InvalidSettings


def create_engine(settings):
    """The engine of these settings, loaded; an engine's packages are imported only when it is chosen."""
    if settings.engine not in _ENGINES:
        raise InvalidSettings(f"engine: {settings.engine} (expected: {', '.join(_ENGINES)})")
    return _ENGINES[settings.engine](settings)


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


def _installed_file(path):
    """A relative path is one inside an installed package."""
    return Path(sysconfig.get_paths()["purelib"]) / path


_ENGINES = {"llama_cpp": _llama_cpp}
