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
    top_p_min: float = 1e-6
    top_p_decay: float = 1.0
    top_p_reset_ids: int = -1
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    min_tokens: int = 0
    seed: int = 0
    no_repeat_ngram_size: int = 0
    bad_words: tuple[tuple[int, ...], ...] = ()
    embedding_bias: np.ndarray | None = None

    @property
    def is_greedy(self):
        return self.top_k == 0 and self.top_p <= 0

    @property
    def has_penalties(self):
        return (self.repetition_penalty, self.presence_penalty, self.frequency_penalty) != (1.0, 0.0, 0.0)


class GuideType(Enum):
    """What a guide is written in."""

    JSON = "json"
    JSON_SCHEMA = "json_schema"
    REGEX = "regex"
    EBNF_GRAMMAR = "ebnf_grammar"
    STRUCTURAL_TAG = "structural_tag"


@dataclass(frozen=True)
class Guide:
    """What every answer has to keep to; `json` needs no text."""

    type: GuideType
    text: str = ""


@dataclass(frozen=True)
class RetainedRange:
    """Prompt tokens from `start` up to `end`, None for all behind it, and how long their KV-cache blocks are to stay.

    Blocks of a higher `priority`, 0 to 100, go later; after `duration_ms`, None for ever, they are like others.
    """

    start: int
    end: int | None
    priority: int
    duration_ms: int | None = None


@dataclass(frozen=True)
class Retention:
    """Which KV-cache blocks of a request are to stay longer than others: of its prompt, and of its answer."""

    ranges: tuple[RetainedRange, ...] = ()
    decode_priority: int = 35
    decode_duration_ms: int | None = None


@dataclass(frozen=True)
class GenerationRequest:
    """A validated request. `max_new_tokens` fits the model's length, `end_id` -1 never ends a sequence.

    Sequence i of `num_sequences` draws with the seed + i. `num_top_log_probs` asks for the best tokens of each step.
    `lora_task` names an adapter, 0 none. Without `streams` nobody looks at a sequence before its end.
    """

    prompt: tuple[int, ...]
    max_new_tokens: int
    end_id: int = -1
    stop_words: tuple[tuple[int, ...], ...] = ()
    sampling: SamplingParams = field(default_factory=SamplingParams)
    num_sequences: int = 1
    returns_log_probs: bool = False
    num_top_log_probs: int = 0
    guide: Guide | None = None
    lora_task: int = 0
    retention: Retention | None = None
    streams: bool = True

    @property
    def end_ids(self):
        """All tokens each of which ends the generation by itself."""
        words = {word[0] for word in self.stop_words if len(word) == 1}
        return words | {self.end_id} if self.end_id >= 0 else words

    @property
    def needs_log_probs(self):
        return self.returns_log_probs or self.num_top_log_probs > 0


class FinishReason(Enum):
    """Why a sequence ended without an error."""

    STOP = "stop"
    LENGTH = "length"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class TokenLogProbs:
    """Natural logarithms of probabilities at one step: of the token that was chosen, and of the best, best first."""

    chosen: float
    top_ids: np.ndarray
    top: np.ndarray


@dataclass(frozen=True)
class Output:
    """News of one sequence: new token ids, at its end a finish reason; or the error that ended the whole request.

    `log_probs` has an entry for each id if the request needs them, `cum_log_prob` is their sum from the first token on,
    with that of the end id, which has no entry. `others_open` counts the sequences of the request that have not ended.
    `cached_tokens` of the prompt were still in the KV cache from other requests.
    """

    token_ids: tuple[int, ...] = ()
    finish_reason: FinishReason | None = None
    error: Exception | None = None
    sequence_index: int = 0
    others_open: int = 0
    log_probs: tuple[TokenLogProbs, ...] = ()
    cum_log_prob: float = 0.0
    cached_tokens: int = 0

    @property
    def is_final(self):
        """Whether nothing follows it in the whole request."""
        return self.error is not None or (self.finish_reason is not None and not self.others_open)
