"""An `Engine` over `tensorrt_llm.LLM`: an event loop on a thread of its own, on which all results arrive.

The results of a request can only be awaited on the loop on which it began. TensorRT-LLM hands over those of one step
together and wakes the loop once for all of them, so that is also what a step is here.
"""

import asyncio
import sys
import threading
import traceback
from dataclasses import replace

from executor import errors
from executor.engine import EngineStats

from .generation import TrtLlmGeneration
from .statistics import engine_stats

STATS_TIMEOUT_S = 0.1


class TrtLlmEngine:
    """Owns the `llm`, which it asks for statistics every `stats_period_s`; `writer` turns requests into its calls."""

    def __init__(self, llm, limits, writer, max_sequences, max_queue_size=0, stats_period_s=0.1):
        self.limits = limits
        self._llm = llm
        self._writer = writer
        self._max_sequences = max_sequences
        self._max_queue_size = max_queue_size
        self._stats_period_s = stats_period_s
        self._lock = threading.Lock()
        self._under_way = {}
        self._closing = False
        self._stats = EngineStats(max=max_sequences)
        self._end_step = None
        self._step_ends_soon = False
        self._watching = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="tensorrt-llm-results", daemon=True)
        self._thread.start()

    def on_step_end(self, callback):
        """`callback()` is called on the engine's thread, after the listeners have heard of what came together.

        That is at most one piece of news of each sequence.
        """
        self._end_step = callback

    def submit(self, request, listener):
        calls = self._writer.calls(request)
        generation = TrtLlmGeneration(self._loop, self._llm, request, calls, self._hearing(listener), self._ended)
        with self._lock:
            self._admit(generation, len(calls))
            self._loop.call_soon_threadsafe(self._start, generation)
        return generation

    def stats(self):
        """`active` is counted here: TensorRT-LLM tells of the last step, and of no request that came behind it."""
        with self._lock:
            return replace(self._stats, active=self._sequences())

    def close(self):
        with self._lock:
            first, self._closing = not self._closing, True
            if first:
                for generation in self._under_way:
                    generation.abandon(errors.shutting_down())
                self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _admit(self, generation, count):
        if self._closing:
            raise errors.shutting_down()
        if self._max_queue_size and self._sequences() - self._max_sequences >= self._max_queue_size:
            raise errors.queue_full(self._max_queue_size)
        self._under_way[generation] = count

    def _sequences(self):
        return sum(self._under_way.values())

    def _start(self, generation):
        generation.start()
        if self._watching is None:
            self._watching = self._loop.create_task(self._watch())

    def _ended(self, generation):
        with self._lock:
            self._under_way.pop(generation, None)

    def _hearing(self, listener):
        """The listener, after which a step ends as soon as all that came together is told."""

        def hear(output):
            listener(output)
            if self._end_step and not self._step_ends_soon:
                self._step_ends_soon = True
                self._loop.call_soon(self._step_ended)

        return hear

    def _step_ended(self):
        self._step_ends_soon = False
        self._end_step()

    async def _watch(self):
        """Looks at `_closing` as well: before Python 3.12 a wait with a timeout can lose a cancellation."""
        while not self._closing:
            try:
                async for iteration in self._llm.get_stats_async(timeout=STATS_TIMEOUT_S):
                    self._stats = engine_stats(iteration, self._max_sequences)
                    if self._closing:
                        return
            except Exception:
                traceback.print_exc(file=sys.stderr)
            await asyncio.sleep(self._stats_period_s)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            if self._step_ends_soon:
                self._step_ended()
        finally:
            self._loop.close()
            self._llm.shutdown()
