"""llama.cpp's own tokenization of a text, the yardstick for the exported tokenizer."""

from ctypes import c_int32


class Vocabulary:
    """The vocabulary of a model file, loaded without its weights. Not thread-safe; `close()` frees it."""

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
        data = text.encode()
        room = len(data) + 1
        ids = (c_int32 * room)()
        count = self._library.llama_tokenize(self._vocab, data, len(data), ids, room, False, True)
        return ids[:count]

    def close(self):
        self._library.llama_model_free(self._model)
