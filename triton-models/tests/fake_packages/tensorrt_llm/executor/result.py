"""Results as they come: the same object again and again, with ever longer lists."""

import asyncio
from dataclasses import dataclass, field

from .utils import RequestError


@dataclass(slots=True)
class Logprob:
    logprob: float
    rank: int | None = None


@dataclass(slots=True)
class CompletionOutput:
    index: int
    text: str = ""
    token_ids: list[int] | None = field(default_factory=list)
    cumulative_logprob: float | None = None
    logprobs: list[dict[int, Logprob]] | None = field(default_factory=list)
    prompt_logprobs: list[dict[int, Logprob]] | None = field(default_factory=list)
    finish_reason: str | None = None
    stop_reason: object = None


class GenerationResult:
    """Awaitable on the event loop on which it was made, and nowhere else."""

    def __init__(self, request_id, abort):
        self.request_id = request_id
        self.cached_tokens = 0
        self._abort = abort
        self._aborted = False
        self._done = False
        self._outputs = [CompletionOutput(0)]
        self._loop = asyncio.get_running_loop()
        self._queue = asyncio.Queue()

    @property
    def outputs(self):
        return self._outputs

    @property
    def finished(self):
        return self._done

    def abort(self):
        self._abort(self.request_id)
        self._aborted = True

    def aborted(self):
        return self._aborted

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self._done:
            raise StopAsyncIteration
        self._handle_response(await self._queue.get())
        return self

    def _handle_response(self, response):
        """`response` is an error, or new tokens, their log-probabilities, a finish reason, and the cached tokens."""
        if isinstance(response, Exception):
            self._done = True
            raise RequestError(str(response))
        tokens, log_probs, reason, self.cached_tokens = response
        self._outputs[0].token_ids.extend(tokens)
        self._outputs[0].logprobs.extend(log_probs)
        self._outputs[0].finish_reason = reason
        self._done = reason is not None


class IterationResult:
    """The statistics there are; it ends when none came for `timeout` seconds."""

    def __init__(self, queue, timeout):
        self._queue = queue
        self._timeout = timeout

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return await asyncio.wait_for(self._queue.get(), self._timeout)
        except asyncio.TimeoutError:
            raise StopAsyncIteration from None
