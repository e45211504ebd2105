"""`model.yaml`: what TensorRT-LLM is to do with a model, beyond what config.pbtxt says of every engine.

It lies in the folder that `model_path` names. All of its faults are told at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

import yaml

from executor.settings import InvalidSettings

NAME = "model.yaml"
NO_GUIDES = "none"


class Unsuitable(Exception):
    """A value of the wrong kind; says what is expected."""


def _one_of(*choices):
    def check(value):
        if value not in choices:
            raise Unsuitable(", ".join(choices[:-1]) + f" or {choices[-1]}")
        return value

    return check


def _at_least(least):
    def check(value):
        if type(value) is not int or value < least:
            raise Unsuitable(f"a whole number, {least} or more")
        return value

    return check


def _share(value):
    if type(value) not in (int, float) or not 0 < value <= 1:
        raise Unsuitable("a number above 0, at most 1")
    return float(value)


def _boolean(value):
    if type(value) is not bool:
        raise Unsuitable("true or false")
    return value


def _text(value):
    if not isinstance(value, str) or not value:
        raise Unsuitable("a text")
    return value


def _texts(value):
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise Unsuitable("a list of texts")
    return tuple(value)


def _adapters(value):
    """Folders by task id."""
    if not isinstance(value, dict) or not all(map(_is_adapter, value.items())):
        raise Unsuitable("folders by task id, a whole number from 1 on")
    return dict(value)


def _is_adapter(entry):
    task, folder = entry
    return type(task) is int and task >= 1 and isinstance(folder, str) and bool(folder)


def _key(default, check):
    return field(default=default, metadata={"check": check})


@dataclass(frozen=True)
class ModelFile:
    """The keys of `model.yaml`, all of which may be left out. Folders are absolute, or relative to the file."""

    model: str = _key(".", _text)
    tensor_parallel_size: int = _key(1, _at_least(1))
    pipeline_parallel_size: int = _key(1, _at_least(1))
    kv_cache_free_gpu_memory_fraction: float = _key(0.9, _share)
    kv_cache_dtype: str = _key("auto", _one_of("auto", "fp8", "nvfp4"))
    kv_cache_host_bytes: int = _key(0, _at_least(0))
    force_dynamic_quantization: bool = _key(False, _boolean)
    max_num_tokens: int = _key(8192, _at_least(1))
    enable_chunked_prefill: bool = _key(True, _boolean)
    trust_remote_code: bool = _key(False, _boolean)
    guided_decoding_backend: str = _key("xgrammar", _one_of("xgrammar", "llguidance", NO_GUIDES))
    sampler: str = _key("auto", _one_of("auto", "TRTLLMSampler", "TorchSampler"))
    stream_interval: int = _key(1, _at_least(1))
    lora_adapters: Mapping[int, str] | None = _key(None, _adapters)
    lora_max_rank: int = _key(64, _at_least(1))
    lora_max_on_gpu: int = _key(4, _at_least(1))
    lora_max_on_host: int = _key(16, _at_least(1))
    lora_target_modules: tuple[str, ...] = _key((), _texts)

    @property
    def has_guides(self):
        return self.guided_decoding_backend != NO_GUIDES


def read_model_file(folder):
    """The file in this folder, its folders made absolute; raises `InvalidSettings` with all faults, one a line."""
    path = Path(folder) / NAME
    values, faults = _checked(_entries(path))
    file = ModelFile(**values)
    adapters = {task: str(path.parent / each) for task, each in (file.lora_adapters or {}).items()}
    model = path.parent / file.model
    faults += [f"lora_adapters: {each} (expected: a folder)" for each in adapters.values() if not Path(each).is_dir()]
    if not model.is_dir():
        faults.append(f"model: {model} (expected: a folder)")
    if len(adapters) > 1 and not file.lora_target_modules:
        # Of a single one TensorRT-LLM finds out itself.
        faults.append("lora_target_modules: none (expected: those of all adapters, as there are several)")
    if faults:
        raise InvalidSettings("\n".join(f"{NAME}: {fault}" for fault in faults))
    return ModelFile(**{**values, "model": str(model), "lora_adapters": adapters})


def _entries(path):
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
        raise InvalidSettings(f"model_path: {path.parent} (expected: a folder with a {NAME}: {fault})") from fault
    if not isinstance(entries or {}, dict):
        raise InvalidSettings(f"{NAME}: keys with values are expected")
    return entries or {}


def _checked(entries):
    checks = {each.name: each.metadata["check"] for each in fields(ModelFile)}
    values, faults = {}, []
    for name, value in entries.items():
        try:
            if name not in checks:
                faults.append(f"{name}: unknown key (expected one of: {', '.join(checks)})")
            else:
                values[name] = checks[name](value)
        except Unsuitable as expected:
            faults.append(f"{name}: {value} (expected: {expected})")
    return values, faults
