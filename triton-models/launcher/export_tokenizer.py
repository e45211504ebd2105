"""Writes the Hugging Face tokenizer files of a model out of its GGUF file, and proves them against llama.cpp.

Usage: export_tokenizer.py MODEL.gguf FOLDER

FOLDER gets `tokenizer.json`, `tokenizer_config.json`, `chat_template.jinja` and `generation_config.json`, all or none.
Only byte-level BPE with SmolLM's pre-tokenizer is known; anything else is refused, since a tokenizer that is nearly
right fails silently. The proof tokenizes the texts of `tokenizer_samples` both ways; one difference is a failure.

Source of the GGUF keys: the GGUF specification of ggml; of the pre-tokenizer: llama.cpp `src/llama-vocab.cpp`.
"""

import json
import sys
import tempfile
from pathlib import Path

import gguf
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from layout import MODEL_SOURCE
from tokenizer_samples import samples

sys.path.insert(0, str(MODEL_SOURCE / "1"))

from executor.llama_cpp.library import load
from executor.llama_cpp.vocabulary import Vocabulary

CONTROL_TOKEN = 3


class ModelFile:
    """The metadata of one GGUF file by key."""

    def __init__(self, path):
        self._fields = gguf.GGUFReader(path).fields

    def get(self, key, default=None):
        return self._fields[key].contents() if key in self._fields else default

    def tokenizer(self, key, default=None):
        return self.get("tokenizer.ggml." + key, default)

    def special_id(self, name):
        return self.tokenizer(name + "_token_id")

    def context_length(self):
        return self.get(self.get("general.architecture") + ".context_length")


def build_tokenizer(model_file):
    """The tokenizer of a GGUF vocabulary; refuses kinds of vocabulary that it does not know."""
    _require(model_file, "model", "gpt2")
    _require(model_file, "pre", "smollm")
    tokens = model_file.tokenizer("tokens")
    merges = [tuple(merge.split(" ", 1)) for merge in model_file.tokenizer("merges")]
    tokenizer = Tokenizer(models.BPE(vocab={token: id for id, token in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(_control_tokens(tokens, model_file.tokenizer("token_type")))
    return tokenizer


def _require(model_file, key, expected):
    found = model_file.tokenizer(key)
    if found != expected:
        sys.exit(f"tokenizer.ggml.{key}: {found} (expected: {expected})")


def _control_tokens(tokens, types):
    return [
        AddedToken(token, normalized=False, special=True)
        for token, kind in zip(tokens, types, strict=True)
        if kind == CONTROL_TOKEN
    ]


def tokenizer_config(model_file):
    tokens = model_file.tokenizer("tokens")

    def special_token(name):
        id = model_file.special_id(name)
        return None if id is None else tokens[id]

    return {
        "bos_token": special_token("bos"),
        "eos_token": special_token("eos"),
        "unk_token": special_token("unknown"),
        "pad_token": special_token("padding"),
        "add_bos_token": model_file.tokenizer("add_bos_token", False),
        "model_max_length": model_file.context_length(),
        "chat_template": model_file.get("tokenizer.chat_template"),
    }


def generation_config(model_file):
    return {
        "bos_token_id": model_file.special_id("bos"),
        "eos_token_id": model_file.special_id("eos"),
        "pad_token_id": model_file.special_id("padding"),
    }


def differences(tokenizer, vocabulary, texts):
    """The texts that tokenizer and llama.cpp do not cut alike."""
    return [text for text in texts if tokenizer.encode(text).ids != vocabulary.tokenize(text)]


def prove(tokenizer, path):
    vocabulary = Vocabulary(load(), path)
    texts = samples()
    wrong = differences(tokenizer, vocabulary, texts)
    vocabulary.close()
    if wrong:
        sys.exit(f"{len(wrong)} of {len(texts)} texts are cut otherwise than by llama.cpp, the first: {wrong[0]!r}")


def write(folder, model_file, tokenizer):
    """All files at once: they are written aside first."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        aside = Path(temporary)
        tokenizer.save(str(aside / "tokenizer.json"))
        _write_json(aside / "tokenizer_config.json", tokenizer_config(model_file))
        _write_json(aside / "generation_config.json", generation_config(model_file))
        (aside / "chat_template.jinja").write_text(model_file.get("tokenizer.chat_template"), encoding="utf-8")
        folder.mkdir(exist_ok=True)
        for file in aside.iterdir():
            file.replace(folder / file.name)


def _write_json(path, content):
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main(path, folder):
    model_file = ModelFile(path)
    tokenizer = build_tokenizer(model_file)
    prove(tokenizer, path)
    write(Path(folder), model_file, tokenizer)


if __name__ == "__main__":
    main(*sys.argv[1:])
