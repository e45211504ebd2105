"""Prints, as JSON, what the engine relies on of the `tensorrt_llm` that is first on the path: names and defaults.

Exit status 3: there is none.
"""

import dataclasses
import importlib.util
import inspect
import json
import sys

NOTHING = "no default"
NOT_THERE = 3


def main():
    package = importlib.util.find_spec("tensorrt_llm")
    if package is None or package.origin is None:
        sys.exit(NOT_THERE)
    print(json.dumps(_described()))


def _described():
    from tensorrt_llm.executor import LoRARequest, result
    from tensorrt_llm.lora_manager import LoraConfig

    import tensorrt_llm
    from tensorrt_llm import llmapi

    found = {}
    for kind in (llmapi.SamplingParams, llmapi.GuidedDecodingParams, LoRARequest, llmapi.CompletionOutput):
        found.update(_fields(kind))
    for kind in (llmapi.KvCacheConfig, llmapi.TorchLlmArgs, LoraConfig, result.Logprob):
        found.update(_fields(kind))
    for name in ("__init__", "generate_async", "get_stats_async", "shutdown"):
        found.update(_parameters("LLM." + name, getattr(llmapi.LLM, name)))
    for name in ("abort", "finished", "outputs", "__aiter__", "__anext__"):
        found["RequestOutput." + name] = _presence(llmapi.RequestOutput, name)
    found["KvCacheRetentionConfig.TokenRangeRetentionConfig"] = _presence(
        llmapi.KvCacheRetentionConfig, "TokenRangeRetentionConfig"
    )
    found["RequestError"] = "there" if issubclass(llmapi.RequestError, RuntimeError) else "not a RuntimeError"
    return {"version": tensorrt_llm.__version__, "found": found}


def _fields(kind):
    """Of a dataclass or of a pydantic model."""
    if hasattr(kind, "model_fields"):
        return {f"{kind.__name__}.{name}": _pydantic_default(each) for name, each in kind.model_fields.items()}
    return {f"{kind.__name__}.{each.name}": _default(each) for each in dataclasses.fields(kind)}


def _default(field):
    if field.default_factory is not dataclasses.MISSING:
        return _said(field.default_factory())
    return NOTHING if field.default is dataclasses.MISSING else _said(field.default)


def _pydantic_default(field):
    return NOTHING if field.is_required() else _said(field.get_default(call_default_factory=True))


def _parameters(name, function):
    parameters = inspect.signature(inspect.unwrap(function)).parameters.values()
    return {
        f"{name}({each.name})": NOTHING if each.default is each.empty else _said(each.default)
        for each in parameters
        if each.kind is not each.VAR_KEYWORD
    }


def _presence(kind, name):
    return "there" if hasattr(kind, name) else "not there"


def _said(value):
    """Objects by their type: what is in them is another class's affair. Texts of enumerations are texts."""
    if isinstance(value, str):
        return str.__str__(value)
    return repr(value) if value is None or isinstance(value, (bool, int, float, list, dict, tuple)) else "an object"


if __name__ == "__main__":
    main()
