"""Makes a served model of a Hugging Face folder: models/NAME with all that Conch and Triton read, weights excepted.

models/NAME/ gets the tokenizer's files and chat templates, `conch.yaml` with the catalogue entry, and `triton/`, a
repository of one model called NAME. With a GGUF file, of the folder or told, it runs on the CPU, else on TensorRT-LLM,
whose settings are in `model.yaml`.
Weights are not copied: they stay where they are. Safe to repeat; nothing is written unless everything fits together,
and all that does not is told at once. `make run MODEL=NAME` then serves it.
"""

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

from checkpoint import Checkpoint
from layout import MODEL_SOURCE, ROOT
from repository import with_capabilities, with_parameters

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
MADE_BY = "# Made by `make model`"
CODE = ("model.py", "executor", "serving")
ON_A_GPU = {"max_batch_size": "256"}  # sequences that run together; config.pbtxt has what a CPU can do
UNQUOTABLE = re.compile(r'["\\\x00-\x1f]')


def main(arguments=None):
    options = _options(arguments)
    name = options.name if options.name is not None else options.source.name
    checkpoint = Checkpoint(options.source, options.gguf, options.chat_format, options.max_len)
    target = options.into / name
    faults = [*_faults(name, target, options), *checkpoint.faults]
    if faults:
        sys.exit("make model: nothing was written:\n" + "\n".join(faults))
    write(target, checkpoint)
    print(f"{target}: {checkpoint.max_model_len} tokens of context, {checkpoint.vocab_size} in the vocabulary")
    print(f"to serve it: make run MODEL={name}")


def write(target, checkpoint):
    """All files at once: they are written aside first."""
    aside = target.with_name(f".{target.name}.aside")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    for file in checkpoint.served_files():
        (aside / file).parent.mkdir(exist_ok=True)
        shutil.copyfile(checkpoint.folder / file, aside / file)
    (aside / "conch.yaml").write_text(catalogue(target.name, checkpoint), encoding="utf-8")
    if not checkpoint.gguf:
        (aside / "model.yaml").write_text(model_yaml(checkpoint), encoding="utf-8")
    _write_triton_model(aside / "triton" / target.name, target, checkpoint)
    shutil.rmtree(target, ignore_errors=True)
    aside.rename(target)
    config = target / "triton" / target.name / "config.pbtxt"
    # Only now: what the engine can do stands in model.yaml, which it finds where it will lie.
    config.write_text(with_capabilities(config.read_text(encoding="utf-8")), encoding="utf-8")


def catalogue(name, checkpoint):
    """The configuration of a server with this model; its entry can be copied into another."""
    chat_format = f"\n    chat-format: {checkpoint.chat_format}" if checkpoint.chat_format else ""
    return f"""{MADE_BY} from {checkpoint.folder.name}. Every key, its unit, default and range: docs/configuration.md.
models:
  - name: {json.dumps(name)}
    folder: .{chat_format}
    engine-model: {json.dumps(name)}
    max-model-len: {checkpoint.max_model_len}
"""


def _write_triton_model(folder, target, checkpoint):
    """`target` is where all of it will lie."""
    settings = {
        "engine": "llama_cpp" if checkpoint.gguf else "tensorrt_llm",
        "model_path": str(checkpoint.gguf or target),  # TensorRT-LLM's is the folder of model.yaml
        "max_seq_len": str(checkpoint.max_model_len),
        "vocab_size": str(checkpoint.vocab_size),
        **({} if checkpoint.gguf else ON_A_GPU),
    }
    source = (MODEL_SOURCE / "config.pbtxt").read_text(encoding="utf-8")
    config = with_parameters(source, settings).replace('name: "tensorrt_llm"', f'name: "{folder.name}"', 1)
    folder.mkdir(parents=True)
    (folder / "config.pbtxt").write_text(config, encoding="utf-8")
    if checkpoint.gguf:
        (folder / "1").symlink_to(MODEL_SOURCE / "1")  # always today's code: bin/serve runs on this machine
        return
    # For a container that has none of this checkout.
    for part in CODE:
        _copy(MODEL_SOURCE / "1" / part, folder / "1" / part)


def model_yaml(checkpoint):
    """The settings of the TensorRT-LLM engine; what is not told is its default."""
    head = f"{MADE_BY}. Every key, its unit, default and range: triton-models/README.md."
    return f"{head}\nmodel: {json.dumps(str(checkpoint.folder))}\n"


def _copy(source, target):
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def _faults(name, target, options):
    if not NAME.fullmatch(name):
        yield f"NAME: {name} (expected: letters, digits, dots, dashes and underscores)"
    elif target.exists() and not _was_made(target):
        yield f"NAME: {name} is taken: {target} was not made by `make model` (expected: NAME=<another>)"
    elif target.resolve() == options.source.resolve():
        yield f"NAME: {name} would overwrite SRC (expected: NAME=<another>)"
    for told, path in (("SRC", options.source), ("GGUF", options.gguf)):
        if path and UNQUOTABLE.search(str(path)):
            yield f"{told}: quotes, backslashes and control characters are not possible"


def _was_made(folder):
    config = folder / "conch.yaml"
    return config.is_file() and config.read_text(encoding="utf-8").startswith(MADE_BY)


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="triton-models/bin/make-model", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=_path, metavar="SRC", help="the Hugging Face folder")
    parser.add_argument("--gguf", type=_path, help="the weights for the CPU (default: the GGUF file of the folder)")
    parser.add_argument("--name", help="what clients say (default: the folder's name)")
    parser.add_argument("--chat-format", help="a built-in chat format, for a folder without a template")
    parser.add_argument("--max-len", type=int, help="tokens of prompt and answer (default: the model's; CPU: 4096)")
    parser.add_argument("--into", type=_path, default=ROOT / "models", help="default: %(default)s")
    return parser.parse_args(arguments)


def _path(text):
    return Path(text).absolute()


if __name__ == "__main__":
    main()
