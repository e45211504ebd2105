"""What every engine offers to the Triton side, whoever does the batching behind it."""

from dataclasses import dataclass
from typing import Protocol

from .capabilities import CPU_CAPABILITIES, Capabilities


@dataclass(frozen=True)
class EngineLimits:
    """What a request must fit: tokens of prompt and answer together, the ids there are, what the engine can do."""

    max_seq_len: int
    vocab_size: int
    capabilities: Capabilities = CPU_CAPABILITIES

    @property
    def max_input_len(self):
        return self.max_seq_len - 1


@dataclass(frozen=True)
class EngineStats:
    """One moment of an engine, in sequences and KV-cache tokens, as the `nv_trt_llm_*` gauges show it.

    `kv_used` are promised to sequences, `kv_reused` prompt tokens did not have to be read so far. `gpu_memory` and
    `pinned_memory` are bytes.
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
    paused: int = 0
    iteration: int = 0
    gpu_memory: int = 0
    pinned_memory: int = 0

    @property
    def waiting(self):
        """Sequences inside that the last step left out, those in the queue among them."""
        return max(0, self.active - self.scheduled)


class Generation(Protocol):
    """A request under way."""

    def cancel(self) -> None:
        """Ends its sequences within one step with `FinishReason.CANCELLED`, but those that have ended.

        Any thread, never blocks.
        """


class Subscriber(Protocol):
    """Whoever hears of many requests together, each known by its handle."""

    def tell(self, news) -> None:
        """Takes the `StepNews` of some of them, on the engine's thread; does not block and does not raise."""


class SubscribedListener(Protocol):
    """A listener whose request may be told of in arrays as well.

    An engine that can do so tells the `subscriber`, once a step, of all of its requests in one `StepNews`, and calls
    the listener with errors only. It need not: calling the listener with each `Output` is always right. `subscriber` is
    None where only that is possible.
    """

    handle: int
    subscriber: Subscriber | None

    def __call__(self, output) -> None: ...


class Engine(Protocol):
    """Generates tokens for many requests at a time. Every method may be called from any thread."""

    limits: EngineLimits

    def on_step_end(self, callback) -> None:
        """Has `callback()` called on the engine's thread whenever a step is over: when all of its news are told.

        What comes between two calls leaves in one response, and not before the second: so there is one after every
        listener that was called, also after those of a cancellation, of a failure and of `close`. It does not block and
        does not raise. What it gives back is for an engine that does not compute: a function `mark()`, which gives
        back a function `left(seconds)`, which waits until all that was told before that mark has been sent, or cannot
        be sent now. Without a callback an engine works as well.
        """

    def submit(self, request, listener) -> Generation:
        """Takes a `GenerationRequest` in without waiting, or raises `RequestError`.

        `listener(Output)` is then called on the engine's thread with every piece of news, of all sequences of the
        request, the last one `is_final`; it must not block and must not raise. An error ends all of them. A listener
        may be a `SubscribedListener`.
        """

    def stats(self) -> EngineStats:
        """The latest step."""

    def close(self) -> None:
        """Ends every generation with an error and every thread; returns when they are gone."""
