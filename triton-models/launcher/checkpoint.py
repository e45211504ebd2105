"""A Hugging Face folder as `make model` reads it: what is served of it, and all that keeps it from being served.

Nothing is raised for a file that is missing or wrong: `Checkpoint.faults` gathers all of them, each naming its file.
"""

import json
import re
from pathlib import Path

from gguf_file import GgufFile, UnreadableGguf

ROOT = Path(__file__).resolve().parents[2]
CHAT_FORMATS = ROOT / "server" / "src" / "main" / "resources" / "chat-formats" / "catalogue.yaml"
SHARD = re.compile(r"-(\d{5})-of-\d{5}\.gguf$")
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
CHAT_TEMPLATES = ("chat_templates", "additional_chat_templates")
SERVED_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "generation_config.json",
    "chat_template.jinja",
    "chat_template.json",
    *(f"{folder}/*.jinja" for folder in CHAT_TEMPLATES),
)


def chat_formats():
    """The names of the built-in chat formats, other names for them included, in the order of the catalogue."""
    formats = CHAT_FORMATS.read_text(encoding="utf-8").partition("\nmodels:")[0]
    found = []
    for name, aliases in re.findall(r"^  - name: (\S+)\n(?:    aliases: \[([^]]*)])?", formats, re.MULTILINE):
        found += [name, *filter(None, re.split(r",\s*", aliases))]
    return found


class Checkpoint:
    """One folder, judged. `gguf` chooses a file, inside the folder or not; for the GPU there is none."""

    def __init__(self, folder, gguf=None, chat_format=None, max_model_len=None):
        self.folder = folder
        self.chat_format = chat_format
        self.faults = []
        self.gguf = None
        self.vocab_size = self.max_model_len = self.longest = None
        if not folder.is_dir():
            self._fault(f"SRC: {folder} is not a folder")
            return
        self._tokens = self._read_tokenizer()
        self._tokenizer_config = self._json("tokenizer_config.json")
        if self._tokenizer_config is None and not (folder / "tokenizer_config.json").exists():
            self._fault("tokenizer_config.json: missing (expected: beside tokenizer.json)")
        self._require_template()
        self._choose_gguf(gguf)
        if self.gguf:
            self._read_gguf()
        elif gguf is None and not self._ggufs():
            self._read_weights()
        self._require_end()
        self._choose_length(max_model_len)

    def served_files(self):
        """What the front end reads, as paths inside the folder."""
        return [file.relative_to(self.folder) for pattern in SERVED_FILES for file in sorted(self.folder.glob(pattern))]

    def _fault(self, text):
        self.faults.append(text)

    def _json(self, name):
        """The object of a file; None if there is no such file or, which is a fault, no object in it."""
        file = self.folder / name
        if not file.exists():
            return None
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            self._fault(f"{name}: cannot be read ({fault})")
            return None
        if not isinstance(content, dict):
            self._fault(f"{name}: not an object")
            return None
        return content

    def _read_tokenizer(self):
        """The texts of all tokens by their ids; empty after a fault."""
        content = self._json("tokenizer.json")
        if content is None:
            if not (self.folder / "tokenizer.json").exists():
                self._fault(f"tokenizer.json: missing (expected: {self._tokenizer_advice()})")
            return {}
        try:
            return _texts(content)
        except (KeyError, TypeError, AttributeError, IndexError) as fault:
            self._fault(f"tokenizer.json: not a tokenizer ({fault!r})")
            return {}

    def _tokenizer_advice(self):
        other = [name for name in ("tokenizer.model", "tiktoken.model") if (self.folder / name).exists()]
        told = f", out of {other[0]}" if other else ""
        return f"written by transformers{told}: AutoTokenizer.from_pretrained(...).save_pretrained(...)"

    def _require_template(self):
        if self.chat_format is not None:
            if self.chat_format not in chat_formats():
                self._fault(f"CHAT_FORMAT: {self.chat_format} (expected: one of {', '.join(chat_formats())})")
            return
        own = [
            self.folder / "chat_template.jinja",
            *(f for d in CHAT_TEMPLATES for f in self.folder.glob(f"{d}/*.jinja")),
        ]
        configs = [self._tokenizer_config, self._json("chat_template.json")]
        if any(file.exists() for file in own) or any((config or {}).get("chat_template") for config in configs):
            return
        formats = ", ".join(chat_formats())
        self._fault(f"chat template: none (expected: chat_template.jinja, or CHAT_FORMAT=<one of {formats}>)")

    def _ggufs(self):
        """The GGUF files of the folder; of one in several parts the first."""
        files = sorted(self.folder.glob("*.gguf"))
        return [file for file in files if not (part := SHARD.search(file.name)) or part[1] == "00001"]

    def _choose_gguf(self, told):
        if told is not None:
            self.gguf = told
            return
        files = self._ggufs()
        if len(files) > 1:
            names = ", ".join(file.name for file in files)
            self._fault(f"GGUF: several in the folder (expected: GGUF=<one of {names}>)")
        elif files:
            self.gguf = files[0]

    def _read_gguf(self):
        try:
            model = GgufFile(self.gguf)
        except UnreadableGguf as fault:
            self._fault(f"{self.gguf.name}: {fault}")
            return
        self.vocab_size, self.longest = len(model.tokens), model.context_length
        if not self._tokens:
            return
        others = [id for id, text in sorted(self._tokens.items()) if id >= self.vocab_size or model.tokens[id] != text]
        if others:
            first = others[0]
            in_gguf = repr(model.tokens[first]) if first < self.vocab_size else "none"
            self._fault(
                f"{self.gguf.name}: {len(others)} of {len(self._tokens)} tokens are not those of tokenizer.json, the "
                f"first: {first} is {in_gguf} (expected: {self._tokens[first]!r})"
            )

    def _read_weights(self):
        """What the GPU engine loads: config.json and all files of weights."""
        config = self._json("config.json")
        if config is None and not (self.folder / "config.json").exists():
            self._fault("config.json: missing (expected: beside the weights; or GGUF=<file> for the CPU)")
        if config is not None:
            language = config["text_config"] if isinstance(config.get("text_config"), dict) else config
            self.vocab_size = self._whole_number(language, "vocab_size")
            self.longest = self._whole_number(language, "max_position_embeddings")
        if not any(file for pattern in WEIGHTS for file in self.folder.glob(pattern)):
            self._fault("weights: none (expected: *.safetensors; or GGUF=<file> for the CPU)")
        shards = (self._json("model.safetensors.index.json") or {}).get("weight_map", {})
        missing = sorted({name for name in shards.values() if not (self.folder / name).exists()})
        if missing:
            self._fault(f"weights: {len(missing)} of {len(set(shards.values()))} files missing: {', '.join(missing)}")
        if self.vocab_size and self._tokens and max(self._tokens) >= self.vocab_size:
            self._fault(
                f"config.json: vocab_size {self.vocab_size} (expected: more than {max(self._tokens)}, the last "
                "token of tokenizer.json)"
            )

    def _whole_number(self, config, key):
        value = config.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value > 1:
            return value
        self._fault(f"config.json: {key}: {json.dumps(value)} (expected: a whole number)")
        return None

    def _require_end(self):
        """A model whose end token is not known would talk to the limit, each time."""
        generation = self._json("generation_config.json") or {}
        ids = generation.get("eos_token_id")
        ids = ids if isinstance(ids, list) else [ids] if ids is not None else []
        for id in ids:
            if not isinstance(id, int) or (self._tokens and id not in self._tokens):
                self._fault(
                    f"generation_config.json: eos_token_id: {json.dumps(id)} (expected: a token of tokenizer.json)"
                )
        if ids or self._tokenizer_config is None:
            return
        eos = self._tokenizer_config.get("eos_token")
        text = eos.get("content") if isinstance(eos, dict) else eos
        if text is None and self.chat_format is None:
            self._fault(
                "end token: none (expected: eos_token_id in generation_config.json, or eos_token in "
                "tokenizer_config.json)"
            )
        elif text is not None and self._tokens and text not in self._tokens.values():
            self._fault(f"tokenizer_config.json: eos_token: {text!r} (expected: a token of tokenizer.json)")

    def _choose_length(self, told):
        """The model's own length, on the CPU at most 4096: its KV cache is allocated at the start."""
        own = self.longest
        if told is None:
            self.max_model_len = own and min(own, 4096) if self.gguf else own
        elif told < 2 or (own and told > own):
            self._fault(f"MAX_LEN: {told} (expected: 2 to {own or 'what the model can'})")
        else:
            self.max_model_len = told


def _texts(tokenizer):
    """Token texts by id, added tokens last: they win."""
    vocabulary = tokenizer["model"]["vocab"]
    if isinstance(vocabulary, dict):
        texts = {id: text for text, id in vocabulary.items()}
    else:  # Unigram: pieces with their scores
        texts = {id: piece[0] for id, piece in enumerate(vocabulary)}
    return {**texts, **{token["id"]: token["content"] for token in tokenizer.get("added_tokens") or []}}
