"""From a Hugging Face folder to an engine and a model repository for NVIDIA's C++ backend (TensorRT-LLM <= 1.2).

Two to four commands, which are printed, and run one after the other unless --dry-run: conversion of the checkpoint or
its quantization, trtllm-build, the tokenizer table of guided decoding if asked for, and bin/fill-config. Runs inside
NVIDIA's container (docs/models-on-gpu.md says which), whose scripts it calls. An engine is for the TensorRT-LLM version
and the kind of GPU that built it. Nothing is run if anything asked for makes no sense; all faults are told at once.
"""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

FILL_CONFIG = Path(__file__).resolve().parent.parent / "bin" / "fill-config"
# The folders of NVIDIA's examples/models/core whose convert_checkpoint.py takes the arguments below.
FAMILIES = {
    "llama": "llama",
    "mistral": "llama",
    "mixtral": "llama",
    "qwen2": "qwen",
    "qwen2_moe": "qwen",
    "qwen3": "qwen",
    "qwen3_moe": "qwen",
}
QUANTIZATIONS = ("none", "fp8", "nvfp4", "int4_awq", "w4a8_awq", "int8_sq", "int8_wo", "int4_wo")
KV_CACHES = ("auto", "fp8", "int8")
# What the servers behind the first one are told: they work for it, and nobody talks to them.
SILENT = [
    "--model-control-mode=explicit",
    "--load-model=tensorrt_llm",
    "--allow-http=false",
    "--allow-grpc=false",
    "--allow-metrics=false",
]
DTYPES = ("auto", "float16", "bfloat16", "float32")


def commands(options, model_type):
    """The command lines, in order; raises `ValueError` with every fault, one a line."""
    faults = [*_faults(options, model_type)]
    if faults:
        raise ValueError("\n".join(faults))
    checkpoint = options.checkpoint or options.output / "checkpoint"
    engine = options.output / "engine"
    steps = []
    if not options.checkpoint:
        steps.append(_checkpoint_command(options, checkpoint, FAMILIES.get(model_type)))
    steps.append(_build_command(options, checkpoint, engine))
    if options.guided_decoding:
        script = str(options.examples / "generate_xgrammar_tokenizer_info.py")
        steps.append(["python3", script, *_pairs(model_dir=options.model, output_dir=options.output / "xgrammar")])
    steps.append(_fill_command(options, engine))
    return steps


def launch_command(options):
    """What serves the result: one tritonserver for each GPU that a model is spread over, of which the first answers."""
    repository = options.output / "repository"
    world = options.tp_size * options.pp_size
    server = ["tritonserver", f"--model-repository={repository}", "--disable-auto-complete-config"]
    if world == 1:
        return server
    command = ["mpirun", "--allow-run-as-root"]
    for rank in range(world):
        command += [":"] if rank else []
        command += ["-n", "1", *server, f"--backend-config=python,shm-region-prefix-name=prefix{rank}_"]
        command += SILENT if rank else []
    return command


def _faults(options, model_type):
    convertible = options.checkpoint or options.quantization != "none" or model_type in FAMILIES
    if not convertible:
        known = ", ".join(sorted(FAMILIES))
        yield f"model_type: {model_type} (expected: one of {known}; or --checkpoint with one that is converted already)"
    for name in ("tp_size", "pp_size", "max_batch_size", "max_num_tokens", "max_seq_len", "calib_size"):
        if getattr(options, name) < 1:
            yield f"--{name.replace('_', '-')}: {getattr(options, name)} (expected: 1 or more)"
    if options.max_lora_rank < 0:
        yield f"--max-lora-rank: {options.max_lora_rank} (expected: 0 or more)"
    if options.lora_target_modules and not options.max_lora_rank:
        yield "--lora-target-modules: without --max-lora-rank (expected: both or neither)"
    if options.checkpoint and (options.quantization, options.kv_cache_dtype) != ("none", "auto"):
        yield "--checkpoint: with a quantization (expected: without; a converted checkpoint has its own)"
    if options.kv_cache_dtype != "auto" and options.quantization == "none" and not options.checkpoint:
        yield f"--kv-cache-dtype: {options.kv_cache_dtype} (expected: auto, unless --quantization is told)"


def _checkpoint_command(options, checkpoint, family):
    parallel = {"tp_size": options.tp_size, "pp_size": options.pp_size}
    common = {"model_dir": options.model, "output_dir": checkpoint, "dtype": options.dtype, **parallel}
    if options.quantization == "none":
        script = options.examples / "models" / "core" / family / "convert_checkpoint.py"
        return ["python3", str(script), *_pairs(**common)]
    cache = {} if options.kv_cache_dtype == "auto" else {"kv_cache_dtype": options.kv_cache_dtype}
    script = options.examples / "quantization" / "quantize.py"
    quantization = {"qformat": options.quantization, **cache, "calib_size": options.calib_size}
    return ["python3", str(script), *_pairs(**common, **quantization)]


def _build_command(options, checkpoint, engine):
    lora = {}
    if options.max_lora_rank:
        lora = {"lora_plugin": "auto", "max_lora_rank": options.max_lora_rank}
    modules = ["--lora_target_modules", *options.lora_target_modules] if options.lora_target_modules else []
    arguments = _pairs(
        checkpoint_dir=checkpoint,
        output_dir=engine,
        gemm_plugin="auto",
        max_batch_size=options.max_batch_size,
        max_num_tokens=options.max_num_tokens,
        max_seq_len=options.max_seq_len,
        max_input_len=options.max_seq_len - 1,
        max_beam_width=1,
        kv_cache_type="paged",
        remove_input_padding="enable",
        use_paged_context_fmha="enable",  # chunked context and reuse of the KV cache need it
        workers=options.tp_size * options.pp_size,
        **lora,
    )
    return ["trtllm-build", *arguments, *modules]


def _fill_command(options, engine):
    values = [f"engine_dir={engine}"]
    if options.guided_decoding:
        table = options.output / "xgrammar" / "xgrammar_tokenizer_info.json"
        values += ["guided_decoding_backend=xgrammar", f"xgrammar_tokenizer_info_path={table}"]
    return [str(FILL_CONFIG), str(options.output / "repository"), *values, *options.fill]


def _pairs(**arguments):
    return [text for name, value in arguments.items() for text in (f"--{name}", str(value))]


def _model_type(folder):
    """As the model's config.json has it; of one that also sees or hears, that of its language model."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        return config.get("text_config", config).get("model_type", config.get("model_type"))
    except (OSError, ValueError) as fault:
        sys.exit(f"build-engine: {folder / 'config.json'} cannot be read ({fault})")


def main(arguments=None):
    options = _options(arguments)
    try:
        steps = commands(options, _model_type(options.model))
    except ValueError as faults:
        sys.exit(f"build-engine: nothing was run:\n{faults}")
    for step in steps:
        print(shlex.join(step), flush=True)
        if not options.dry_run and (status := subprocess.run(step).returncode):
            sys.exit(f"build-engine: {step[0]} ended with {status}; what it says is above")
    print(f"# then, to serve it:\n# {shlex.join(launch_command(options))}")


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="triton-models/bin/build-engine",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", type=_folder, help="the Hugging Face folder")
    add("output", type=_folder, help="gets checkpoint/, engine/ and repository/")
    add("--dry-run", action="store_true", help="print the commands and run none")
    add("--examples", type=_folder, default="/app/examples", help="NVIDIA's examples (default: %(default)s)")
    add("--checkpoint", type=_folder, help="one that is converted or quantized already")
    add("--dtype", choices=DTYPES, default="auto", help="of weights that are not quantized (default: %(default)s)")
    add("--quantization", choices=QUANTIZATIONS, default="none", help="default: %(default)s")
    add("--kv-cache-dtype", choices=KV_CACHES, default="auto", help="default: %(default)s")
    add("--calib-size", type=int, default=512, help="texts that a quantization looks at (default: %(default)s)")
    add("--tp-size", type=int, default=1, help="GPUs that share each layer (default: %(default)s)")
    add("--pp-size", type=int, default=1, help="groups of layers on GPUs of their own (default: %(default)s)")
    add("--max-batch-size", type=int, default=256, help="sequences that run together (default: %(default)s)")
    add("--max-num-tokens", type=int, default=8192, help="tokens in one step (default: %(default)s)")
    add("--max-seq-len", type=int, default=8192, help="prompt and answer together (default: %(default)s)")
    add("--max-lora-rank", type=int, default=0, help="0: no LoRA (default: %(default)s)")
    add("--lora-target-modules", nargs="+", default=[], metavar="MODULE", help="such as attn_q attn_k attn_v")
    add("--guided-decoding", action="store_true", help="make the tokenizer table that xgrammar needs, and use it")
    add("--fill", nargs="+", default=[], metavar="KEY=VALUE", help="further values for bin/fill-config")
    return parser.parse_args(arguments)


def _folder(text):
    return Path(text).absolute()


if __name__ == "__main__":
    main()
