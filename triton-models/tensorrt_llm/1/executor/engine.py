"""What every engine offers to the Triton side, whoever does the batching behind it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class EngineLimits:
    """What a request must fit: tokens of prompt and answer together, and the ids there are."""

    max_seq_len: int
    vocab_size: int

    @property
    def max_input_len(self):
        return self.max_seq_len - 1


@dataclass(frozen=True)
class EngineStats:
    """One moment of an engine, in sequences and KV-cache tokens, as the `nv_trt_llm_*` gauges show it.

    `kv_used` are promised to sequences, `kv_reused` prompt tokens did not have to be read so far.
    """

    active: int = 0
    max: int = 0
    scheduled: int = 0
    context: int = 0
    generation: int = 0
    context_tokens: int = 0
    kv_max: int = 0
    kv_used: int = 0
    kv_reused: int = 0
    iteration: int = 0

    @property
    def waiting(self):
        """Sequences inside that the last step left out, those in the queue among them."""
        return self.active - self.scheduled


class Generation(Protocol):
    """A request under way."""

    def cancel(self) -> None:
        """Ends its sequences within one step with `FinishReason.CANCELLED`, but those that have ended.

        Any thread, never blocks.
        """


class Engine(Protocol):
    """Generates tokens for many requests at a time. Every method may be called from any thread."""

    limits: EngineLimits

    def submit(self, request, listener) -> Generation:
        """Takes a `GenerationRequest` in without waiting, or raises `RequestError`.

        `listener(Output)` is then called on the engine's thread with every piece of news, of all sequences of the
        request, the last one `is_final`; it must not block and must not raise. An error ends all of them.
        """

    def stats(self) -> EngineStats:
        """The latest step."""

    def close(self) -> None:
        """Ends every generation with an error and every thread; returns when they are gone."""
