"""One request under way: a task of the event loop for each of its sequences."""

import asyncio
import contextlib
import re
import sys
import traceback
from dataclasses import replace

from executor import errors
from executor.guided.errors import invalid_guide, over_limit
from executor.request import FinishReason, Output

from .progress import Progress

GUIDE_FAULT = re.compile(r"Guided decoding error: (?P<detail>.*)", re.DOTALL)
OURS, TOO_LONG = "internal error", "did not finish within"


class TrtLlmGeneration:
    """Only `cancel` and `abandon` may be called from other threads than the event loop's.

    TensorRT-LLM says some steps later that a request was aborted. Nobody waits for that: the request ends at once, and
    what still comes of it is dropped.
    """

    def __init__(self, loop, llm, request, calls, listener, on_end):
        self._loop = loop
        self._llm = llm
        self._request = request
        self._calls = calls
        self._listener = listener
        self._on_end = on_end
        self._is_over = False
        self._progress = {}
        self._results = {}
        self._tasks = {}

    def cancel(self):
        self._stop_with(self._end_cancelled)

    def abandon(self, error):
        """Ends it with an error."""
        self._stop_with(lambda: self._fail(error))

    def start(self):
        """On the event loop."""
        self._progress = {index: Progress(self._request, index) for index in range(len(self._calls))}
        for index, call in enumerate(self._calls):
            self._tasks[index] = self._loop.create_task(self._run(index, call))

    def _stop_with(self, end):
        """From now on no token is told any more; results that are there already may be many."""
        self._is_over = True
        with contextlib.suppress(RuntimeError):  # the loop is closed, so all has ended
            self._loop.call_soon_threadsafe(end)

    async def _run(self, index, call):
        try:
            result = self._results[index] = self._generate(call)
            async for _ in result:
                if self._is_over or self._tell(index, result):
                    return
                await asyncio.sleep(0)  # results that wait already belong to later steps
        except Exception as fault:
            self._fail(self._fault_of_the_guide(fault) or _told(fault))

    def _generate(self, call):
        """What is wrong with a request itself is said at once, and as a `ValueError`."""
        try:
            return self._llm.generate_async(**call)
        except ValueError as fault:
            raise errors.RequestError(str(fault), invalid=True) from fault

    def _fault_of_the_guide(self, fault):
        """Guides are compiled for the first token; what TensorRT-LLM says later is none of the client's doing."""
        said = GUIDE_FAULT.search(str(fault))
        if not (said and self._request.guide) or OURS in said["detail"] or self._has_begun():
            return None
        refuse = over_limit if TOO_LONG in said["detail"] else invalid_guide
        return refuse(self._request.guide.type.value, said["detail"])

    def _has_begun(self):
        return any(progress.has_begun for progress in self._progress.values())

    def _tell(self, index, result):
        """Whether that was the end of the sequence."""
        output = self._progress[index].news(result)
        if output.finish_reason is None:
            if output.token_ids:
                self._listener(output)
            return False
        _abort(result)
        self._end(index, output)
        return True

    def _end(self, index, output):
        del self._progress[index]
        self._listener(replace(output, others_open=len(self._progress)))
        if not self._progress:
            self._on_end(self)

    def _end_cancelled(self):
        for index, progress in list(self._progress.items()):
            self._drop(index)
            self._end(index, progress.output(finish_reason=FinishReason.CANCELLED))

    def _fail(self, error):
        """Once: the first error is that of the request."""
        if self._progress:
            for index in self._progress:
                self._drop(index)
            self._progress.clear()
            self._is_over = True
            self._listener(Output(error=error))
            self._on_end(self)

    def _drop(self, index):
        """A task waits for the next result, so it would never see that nobody wants it."""
        if index in self._results:
            _abort(self._results[index])
        self._tasks[index].cancel()


def _abort(result):
    """Whatever TensorRT-LLM makes of it, the client is told of the end."""
    try:
        if not result.finished:
            result.abort()
    except Exception:
        traceback.print_exc(file=sys.stderr)


def _told(fault):
    """What a client is told. TensorRT-LLM's errors of a request are for its client; others go to the log as well."""
    if isinstance(fault, errors.RequestError):
        return fault
    if type(fault).__name__ != "RequestError":
        traceback.print_exception(fault, file=sys.stderr)
    return errors.engine_failed(fault)
