"""The model under the batcher, reduced to its arithmetic: tokens of some sequences in, logits out."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class EvaluationFailed(Exception):
    """The model could not evaluate these spans; what it remembers of their slots is undefined from `first` on."""


@dataclass(frozen=True)
class Span:
    """Consecutive tokens of the sequence in `slot`, the first one at position `first` of that sequence."""

    slot: int
    first: int
    tokens: tuple[int, ...]
    wants_logits: bool


class Evaluator(Protocol):
    """Holds the KV cache of `slots` sequences. Used by one thread at a time."""

    slots: int
    max_seq_len: int
    vocab_size: int
    kv_cache_tokens: int

    def evaluate(self, spans: list[Span]) -> list[np.ndarray | None]:
        """Logits after the last token of each span that wants them, valid beyond the next call. One span a slot."""

    def forget(self, slot: int, first: int = 0) -> None:
        """Drops what `slot` remembers from position `first` on."""

    def share(self, source: int, slot: int, length: int) -> int:
        """Leaves `slot` with the first `length` tokens of `source`, which may be `slot` itself, and no others.

        Answers how many it then holds: 0 where the model's memory cannot do that.
        """

    def close(self) -> None:
        """Frees the model."""
