"""The vocabulary between front and engine: what a client asks for, and what it is told piece by piece."""

from dataclasses import dataclass, field
from enum import Enum

import numpy as np


@dataclass(frozen=True)
class SamplingParams:
    """How the next token is chosen; meanings are TensorRT-LLM's, defaults those of the tensor table."""

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 0.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    min_tokens: int = 0
    seed: int = 0
    embedding_bias: np.ndarray | None = None

    @property
    def is_greedy(self):
        return self.top_k == 0 and self.top_p <= 0

    @property
    def has_penalties(self):
        return (self.repetition_penalty, self.presence_penalty, self.frequency_penalty) != (1.0, 0.0, 0.0)


@dataclass(frozen=True)
class GenerationRequest:
    """A validated request for one sequence. `max_new_tokens` fits the model's length, `end_id` -1 never ends it."""

    prompt: tuple[int, ...]
    max_new_tokens: int
    end_id: int = -1
    stop_words: tuple[tuple[int, ...], ...] = ()
    sampling: SamplingParams = field(default_factory=SamplingParams)


class FinishReason(Enum):
    """Why a generation ended without an error."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Output:
    """News of one generation: new token ids, and at its end either a finish reason or an error."""

    token_ids: tuple[int, ...] = ()
    finish_reason: FinishReason | None = None
    error: Exception | None = None

    @property
    def is_final(self):
        return self.finish_reason is not None or self.error is not None
