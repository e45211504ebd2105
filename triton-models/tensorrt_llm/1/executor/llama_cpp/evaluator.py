"""A llama.cpp model as the batcher's evaluator: one context, one llama sequence for each slot."""

import ctypes
from operator import attrgetter

import numpy as np

from executor.batching.evaluator import EvaluationFailed
from executor.settings import InvalidSettings

from .library import load
from .vocabulary import TextTokenizer, token_texts

NO_KV_ROOM = 1
MOST_SEQUENCES = 256  # LLAMA_MAX_SEQ


class LlamaEvaluator:
    """Evaluates spans with `llama_decode`.

    Where the KV cache has the full length ready for every slot, each slot has a stream of cells of its own, so that
    attention looks at no others; llama.cpp then evaluates together what is in neighbouring slots, and a shared
    beginning is copied. A smaller cache is one pool: any mix of slots runs as one batch and shares cells, but each
    token looks at the cells of all.
    """

    def __init__(self, settings, path, library=None):
        self.slots = settings.max_batch_size
        self.max_seq_len = settings.max_seq_len
        self.kv_cache_tokens = settings.kv_cache_tokens
        self._has_streams = self.kv_cache_tokens >= self.slots * self.max_seq_len
        self._batch_tokens = settings.max_batch_size + settings.prefill_chunk_tokens
        self._library = library or load()
        self._model = self._load_model(path)
        self._vocab = self._library.llama_model_get_vocab(self._model)
        self._tokenizer = TextTokenizer(self._library, self._vocab)
        self.vocab_size = self._library.llama_vocab_n_tokens(self._vocab)
        self._check(settings)
        self._context = self._make_context(settings)
        self._memory = self._library.llama_get_memory(self._context)
        self._batch = self._library.llama_batch_init(self._batch_tokens, 0, 1)

    def evaluate(self, spans):
        rows = self._fill(spans)
        status = self._library.llama_decode(self._context, self._batch)
        if status:
            raise EvaluationFailed(_meaning(status))
        return [self._logits(row) if span.wants_logits else None for span, row in zip(spans, rows, strict=True)]

    def forget(self, slot, first=0):
        self._library.llama_memory_seq_rm(self._memory, slot, first, -1)

    def share(self, source, slot, length):
        if source != slot:
            self.forget(slot)
            end = -1 if self._has_streams else length  # of a stream all is copied
            self._library.llama_memory_seq_cp(self._memory, source, slot, 0, end)
        self.forget(slot, length)
        if self._holds(slot, length):
            return length
        self.forget(slot)
        return 0

    def _holds(self, slot, length):
        """Models with a recurrent state cannot go back to an earlier one; they are then left where they were."""
        first = self._library.llama_memory_seq_pos_min(self._memory, slot)
        last = self._library.llama_memory_seq_pos_max(self._memory, slot)
        return (first, last) == (0, length - 1)

    def token_texts(self):
        """The model's tokens; after `close()` they cut no more texts."""
        return token_texts(self._library, self._vocab, self._tokenizer)

    def close(self):
        self._tokenizer.close()
        self._library.llama_batch_free(self._batch)
        self._library.llama_free(self._context)
        self._library.llama_model_free(self._model)

    def _load_model(self, path):
        params = self._library.llama_model_default_params()
        params.n_gpu_layers = 0
        model = self._library.llama_model_load_from_file(str(path).encode(), params)
        if not model:
            raise InvalidSettings(f"model_path: {path} (expected: a GGUF file that llama.cpp can read)")
        return model

    def _check(self, settings):
        if self.slots > MOST_SEQUENCES:
            raise InvalidSettings(f"max_batch_size: {self.slots} (expected: at most {MOST_SEQUENCES})")
        trained = self._library.llama_model_n_ctx_train(self._model)
        if settings.max_seq_len > trained:
            raise InvalidSettings(f"max_seq_len: {settings.max_seq_len} (expected: at most the model's {trained})")
        if settings.vocab_size != self.vocab_size:
            raise InvalidSettings(f"vocab_size: {settings.vocab_size} (expected: the model's {self.vocab_size})")

    def _make_context(self, settings):
        params = self._library.llama_context_default_params()
        params.n_ctx = self.slots * self.max_seq_len if self._has_streams else self.kv_cache_tokens
        params.n_seq_max = self.slots
        params.kv_unified = not self._has_streams
        params.n_batch = params.n_ubatch = self._batch_tokens
        params.n_threads = params.n_threads_batch = settings.threads
        context = self._library.llama_init_from_model(self._model, params)
        if not context:
            raise InvalidSettings(f"{_size_of_the_cache(settings)} (expected: what fits into memory)")
        return context

    def _fill(self, spans):
        """Lays the spans into the batch, neighbouring slots side by side; answers the row of the last token of each."""
        batch = self._batch
        row = 0
        last_rows = {}
        for span in sorted(spans, key=attrgetter("slot")):
            for offset, token in enumerate(span.tokens):
                batch.token[row] = token
                batch.pos[row] = span.first + offset
                batch.n_seq_id[row] = 1
                batch.seq_id[row][0] = span.slot
                batch.logits[row] = 0
                row += 1
            last_rows[span.slot] = row - 1
            batch.logits[row - 1] = span.wants_logits
        batch.n_tokens = row
        return [last_rows[span.slot] for span in spans]

    def _logits(self, row):
        pointer = self._library.llama_get_logits_ith(self._context, row)
        if not pointer:
            raise EvaluationFailed(f"llama.cpp has no logits for row {row}")
        size = ctypes.sizeof(ctypes.c_float) * self.vocab_size
        return np.frombuffer(ctypes.string_at(pointer, size), dtype=np.float32)


def _size_of_the_cache(settings):
    """By the parameters that decide it."""
    if settings.max_tokens_in_paged_kv_cache:
        return f"max_tokens_in_paged_kv_cache: {settings.max_tokens_in_paged_kv_cache}"
    return f"max_batch_size: {settings.max_batch_size}, max_seq_len: {settings.max_seq_len}"


def _meaning(status):
    if status == NO_KV_ROOM:
        return "no room in the KV cache"
    return f"llama_decode returned {status}"
