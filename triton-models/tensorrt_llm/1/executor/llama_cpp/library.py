"""ctypes bindings for the part of llama.cpp's C API that this engine uses, found in the `xllamacpp` wheel.

The C API has no stable binary interface: fields of its parameter structs come and go between releases. These layouts
are those of one exact release (`XLLAMACPP_VERSION`; the header is in its source distribution). `load()` looks how much
llama.cpp writes as its default parameters, then compares them, read through these layouts, with the values that release
documents; a difference means another layout, and `IncompatibleLibrary` is raised before any struct is passed in.

Source: `include/llama.h`, `src/llama-model.cpp` and `src/llama-context.cpp` of llama.cpp build 11549.
"""

import ctypes
import importlib.metadata
import importlib.util
import os
from ctypes import POINTER, c_bool, c_char_p, c_float, c_int, c_int8, c_int32, c_size_t, c_uint8, c_uint32, c_void_p
from pathlib import Path

XLLAMACPP_VERSION = "2026.10.11549"
GGML_TYPE_F16 = 1
GGML_LOG_LEVEL_ERROR = 4
UNTOUCHED = 0xA5
RESERVE_BYTES = 128

# libgomp's default spins 300,000 rounds at a barrier: on cores that others use too, throughput then falls to a
# twentieth. 10,000 rounds keep the full speed on free cores and give a busy core back in time (docs/adr/0003).
OPENMP_SPIN_COUNT = "10000"

LogCallback = ctypes.CFUNCTYPE(None, c_int, c_char_p, c_void_p)


class IncompatibleLibrary(Exception):
    """The shared object is missing or does not have the struct layouts that these bindings know."""


class ModelParams(ctypes.Structure):
    """`struct llama_model_params`."""

    _fields_ = [
        ("devices", c_void_p),
        ("tensor_buft_overrides", c_void_p),
        ("n_gpu_layers", c_int32),
        ("split_mode", c_int32),
        ("load_mode", c_int32),
        ("lazy_mode", c_int32),
        ("main_gpu", c_int32),
        ("tensor_split", c_void_p),
        ("progress_callback", c_void_p),
        ("progress_callback_user_data", c_void_p),
        ("kv_overrides", c_void_p),
        ("vocab_only", c_bool),
        ("check_tensors", c_bool),
        ("use_extra_bufts", c_bool),
        ("no_host", c_bool),
        ("no_alloc", c_bool),
        ("load_mtp", c_bool),
    ]


class ContextParams(ctypes.Structure):
    """`struct llama_context_params`."""

    _fields_ = [
        ("n_ctx", c_uint32),
        ("n_batch", c_uint32),
        ("n_ubatch", c_uint32),
        ("n_seq_max", c_uint32),
        ("n_rs_seq", c_uint32),
        ("n_outputs_max", c_uint32),
        ("n_outputs_max_per_seq", c_uint32),
        ("n_threads", c_int32),
        ("n_threads_batch", c_int32),
        ("ctx_type", c_int32),
        ("rope_scaling_type", c_int32),
        ("pooling_type", c_int32),
        ("attention_type", c_int32),
        ("flash_attn_type", c_int32),
        ("rope_freq_base", c_float),
        ("rope_freq_scale", c_float),
        ("yarn_ext_factor", c_float),
        ("yarn_attn_factor", c_float),
        ("yarn_beta_fast", c_float),
        ("yarn_beta_slow", c_float),
        ("yarn_orig_ctx", c_uint32),
        ("defrag_thold", c_float),
        ("cb_eval", c_void_p),
        ("cb_eval_user_data", c_void_p),
        ("type_k", c_int32),
        ("type_v", c_int32),
        ("moe_cache_size", c_size_t),
        ("abort_callback", c_void_p),
        ("abort_callback_data", c_void_p),
        ("embeddings", c_bool),
        ("offload_kqv", c_bool),
        ("no_perf", c_bool),
        ("op_offload", c_bool),
        ("swa_full", c_bool),
        ("kv_unified", c_bool),
        ("samplers", c_void_p),
        ("n_samplers", c_size_t),
        ("ctx_other", c_void_p),
    ]


class Batch(ctypes.Structure):
    """`struct llama_batch`."""

    _fields_ = [
        ("n_tokens", c_int32),
        ("token", POINTER(c_int32)),
        ("embd", POINTER(c_float)),
        ("pos", POINTER(c_int32)),
        ("n_seq_id", POINTER(c_int32)),
        ("seq_id", POINTER(POINTER(c_int32))),
        ("logits", POINTER(c_int8)),
    ]


# Every field that is not listed is zero or null by default.
MODEL_DEFAULTS = {"n_gpu_layers": -1, "split_mode": 1, "load_mode": -1, "lazy_mode": 1, "use_extra_bufts": True}
CONTEXT_DEFAULTS = {
    "n_ctx": 512,
    "n_batch": 2048,
    "n_ubatch": 512,
    "n_seq_max": 1,
    "n_outputs_max_per_seq": 1,
    "n_threads": 4,
    "n_threads_batch": 4,
    "rope_scaling_type": -1,
    "pooling_type": -1,
    "attention_type": -1,
    "flash_attn_type": -1,
    "yarn_ext_factor": -1.0,
    "yarn_attn_factor": -1.0,
    "yarn_beta_fast": -1.0,
    "yarn_beta_slow": -1.0,
    "defrag_thold": -1.0,
    "type_k": GGML_TYPE_F16,
    "type_v": GGML_TYPE_F16,
    "offload_kqv": True,
    "no_perf": True,
    "op_offload": True,
    "swa_full": True,
}

SIGNATURES = {
    "llama_log_set": (None, LogCallback, c_void_p),
    "llama_backend_init": (None,),
    "llama_model_default_params": (ModelParams,),
    "llama_context_default_params": (ContextParams,),
    "llama_model_load_from_file": (c_void_p, c_char_p, ModelParams),
    "llama_model_free": (None, c_void_p),
    "llama_model_get_vocab": (c_void_p, c_void_p),
    "llama_model_n_ctx_train": (c_int32, c_void_p),
    "llama_vocab_n_tokens": (c_int32, c_void_p),
    "llama_vocab_is_control": (c_bool, c_void_p, c_int32),
    "llama_token_to_piece": (c_int32, c_void_p, c_int32, c_char_p, c_int32, c_int32, c_bool),
    "llama_tokenize": (c_int32, c_void_p, c_char_p, c_int32, POINTER(c_int32), c_int32, c_bool, c_bool),
    "llama_init_from_model": (c_void_p, c_void_p, ContextParams),
    "llama_free": (None, c_void_p),
    "llama_get_memory": (c_void_p, c_void_p),
    "llama_memory_seq_rm": (c_bool, c_void_p, c_int32, c_int32, c_int32),
    "llama_memory_seq_cp": (None, c_void_p, c_int32, c_int32, c_int32, c_int32),
    "llama_memory_seq_pos_min": (c_int32, c_void_p, c_int32),
    "llama_memory_seq_pos_max": (c_int32, c_void_p, c_int32),
    "llama_batch_init": (Batch, c_int32, c_int32, c_int32),
    "llama_batch_free": (None, Batch),
    "llama_decode": (c_int32, c_void_p, Batch),
    "llama_get_logits_ith": (POINTER(c_float), c_void_p, c_int32),
}


def load(path=None):
    """The checked library, with a typed function for each name in `SIGNATURES`."""
    os.environ.setdefault("GOMP_SPINCOUNT", OPENMP_SPIN_COUNT)
    library = ctypes.CDLL(str(path or _installed_path()))
    for name, (result, *arguments) in SIGNATURES.items():
        _bind(library, name, result, arguments)
    for name, defaults in (
        ("llama_model_default_params", MODEL_DEFAULTS),
        ("llama_context_default_params", CONTEXT_DEFAULTS),
    ):
        function = getattr(library, name)
        check_size(function, function.restype)
        check_defaults(name, function(), defaults)
    library.llama_log_set(_log_errors, None)
    library.llama_backend_init()
    return library


def check_size(function, layout):
    """Raises `IncompatibleLibrary` if the struct that `function()` returns reaches beyond `layout`.

    On x86-64 a struct of that size is written to an address that the caller passes as a first argument, so it can be
    had with room to spare behind it, where nothing may be written.
    """
    size = ctypes.sizeof(layout)
    room = (c_uint8 * (size + RESERVE_BYTES))(*[UNTOUCHED] * (size + RESERVE_BYTES))
    ctypes.CFUNCTYPE(None, c_void_p)(ctypes.cast(function, c_void_p).value)(ctypes.addressof(room))
    if any(byte != UNTOUCHED for byte in room[size:]):
        raise IncompatibleLibrary(f"{function.__name__}() of llama.cpp returns more than {size} bytes")


def check_defaults(function, params, expected):
    """Raises `IncompatibleLibrary` naming every field of `params` that differs from `expected` (or from zero)."""
    values = {name: getattr(params, name) for name, _ in params._fields_}
    wrong = [
        f"{name} = {value!r} (expected: {expected.get(name, 0)!r})"
        for name, value in values.items()
        if (value or 0) != expected.get(name, 0)
    ]
    if wrong:
        raise IncompatibleLibrary(f"{function}() of llama.cpp has another layout: {', '.join(wrong)}")


def _installed_path():
    spec = importlib.util.find_spec("xllamacpp")
    if spec is None:
        raise IncompatibleLibrary(f"the package xllamacpp {XLLAMACPP_VERSION} is not installed")
    version = importlib.metadata.version("xllamacpp")
    if version != XLLAMACPP_VERSION:
        raise IncompatibleLibrary(f"xllamacpp: {version} (expected: {XLLAMACPP_VERSION})")
    return Path(spec.origin).with_name("xllamacpp.abi3.so")


def _bind(library, name, result, arguments):
    function = getattr(library, name, None)
    if function is None:
        raise IncompatibleLibrary(f"{name}() is not exported by {library._name}")
    function.restype = result
    function.argtypes = arguments


@LogCallback
def _log_errors(level, text, _):
    if level == GGML_LOG_LEVEL_ERROR:
        os.write(2, b"llama.cpp: " + text)
