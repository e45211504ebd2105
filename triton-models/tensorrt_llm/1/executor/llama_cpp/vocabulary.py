"""The tokens of a model file, as llama.cpp knows them."""

import ctypes
import threading
from ctypes import c_int32

from executor.guided.token_texts import TokenTexts

LONGEST_TOKEN = 1 << 14  # bytes


def token_texts(library, vocab, tokenizer):
    """All tokens of a vocabulary."""
    count = library.llama_vocab_n_tokens(vocab)
    return TokenTexts(
        texts=tuple(_pieces(library, vocab, count)),
        special=frozenset(token for token in range(count) if library.llama_vocab_is_control(vocab, token)),
        tokenize=tokenizer.tokenize,
    )


def _pieces(library, vocab, count):
    room = ctypes.create_string_buffer(LONGEST_TOKEN)
    for token in range(count):
        length = library.llama_token_to_piece(vocab, token, room, LONGEST_TOKEN, 0, True)
        yield room.raw[:length] if length > 0 else b""


class TextTokenizer:
    """Cuts texts, in which nothing is a control token, until it is closed; then the model may go. Thread-safe."""

    def __init__(self, library, vocab):
        self._library = library
        self._vocab = vocab
        self._lock = threading.Lock()

    def tokenize(self, text):
        with self._lock:
            return _tokenize(self._library, self._vocab, text, False) if self._vocab else []

    def close(self):
        with self._lock:
            self._vocab = None


def _tokenize(library, vocab, text, with_control):
    """Nothing is added at either end."""
    data = text.encode()
    room = len(data) + 1
    ids = (c_int32 * room)()
    count = library.llama_tokenize(vocab, data, len(data), ids, room, False, with_control)
    return ids[:count]


class Vocabulary:
    """The vocabulary of a model file, loaded without its weights: the yardstick for the exported tokenizer.

    Not thread-safe; `close()` frees it.
    """

    def __init__(self, library, path):
        self._library = library
        params = library.llama_model_default_params()
        params.vocab_only = True
        self._model = library.llama_model_load_from_file(str(path).encode(), params)
        if not self._model:
            raise ValueError(f"llama.cpp cannot read {path}")
        self._vocab = library.llama_model_get_vocab(self._model)

    def tokenize(self, text):
        """Token ids of `text`, control tokens matched, nothing added at either end."""
        return _tokenize(self._library, self._vocab, text, True)

    def close(self):
        self._library.llama_model_free(self._model)
