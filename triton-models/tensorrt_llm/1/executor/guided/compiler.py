"""Compiles guides on threads of its own and keeps the latest ones.

A guide costs from 1 ms to some seconds, and a native call cannot be stopped: what takes longer than the limit is given
up on, while its thread goes on for as long as llguidance's own limits let it.
"""

import queue
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, InvalidStateError, wait
from contextlib import suppress

from executor import errors

from .errors import over_limit
from .matcher import CompiledGuide, fill
from .vocabulary import GuideVocabulary

THREADS = 2
SECONDS = 10.0  # waiting for a thread included
MOST_WAITING = 256
MOST_KEPT = 256
MOST_KEPT_BYTES = 4 << 20  # of guides' text; what they are compiled to is some ten times as large


class GuideCompiler:
    """Thread-safe. `compile_guide(guide)` makes what a `Future` shall hold."""

    def __init__(self, compile_guide, seconds=SECONDS, most_waiting=MOST_WAITING):
        self._compile = compile_guide
        self._seconds = seconds
        self._most_waiting = most_waiting
        self._lock = threading.Lock()
        self._kept = OrderedDict()
        self._kept_bytes = 0
        self._waiting = 0
        self._jobs = queue.SimpleQueue()
        self._watched = queue.SimpleQueue()
        for number in range(THREADS):
            threading.Thread(target=self._work, name=f"guide-compiler-{number}", daemon=True).start()
        threading.Thread(target=self._watch, name="guide-watch", daemon=True).start()

    @classmethod
    def of(cls, tokens):
        """For a model with these `TokenTexts`."""
        vocabulary = GuideVocabulary(tokens)
        return cls(lambda guide: CompiledGuide(guide, vocabulary))

    def compile(self, guide):
        """A `Future` of a `CompiledGuide` that is done within the time limit; its error is a `RequestError`.

        Raises `RequestError` when too many wait.
        """
        with self._lock:
            if guide in self._kept:
                self._kept.move_to_end(guide)
                return self._kept[guide]
            if self._waiting >= self._most_waiting:
                raise errors.queue_full(self._most_waiting)
            self._waiting += 1
            self._kept[guide] = future = Future()
            self._kept_bytes += len(guide.text)
            self._forget_oldest()
        self._jobs.put((guide, future))
        self._watched.put((time.monotonic() + self._seconds, guide, future))
        return future

    def fill(self, states):
        """Finds out for all of these what may come next."""
        fill(states)

    def close(self):
        """Ends the threads once they have done what they are at."""
        for _ in range(THREADS):
            self._jobs.put(None)
        self._watched.put(None)

    def _forget_oldest(self):
        while len(self._kept) > MOST_KEPT or self._kept_bytes > MOST_KEPT_BYTES:
            guide, _ = self._kept.popitem(last=False)
            self._kept_bytes -= len(guide.text)

    def _work(self):
        while (job := self._jobs.get()) is not None:
            guide, future = job
            try:
                if not future.done():
                    self._settle(future.set_result, self._compile(guide))
            except Exception as fault:
                self._fail(guide, future, fault)
            with self._lock:
                self._waiting -= 1

    def _watch(self):
        """All have the same limit, so the first one in is the first one that is due."""
        while (due := self._watched.get()) is not None:
            at, guide, future = due
            wait([future], max(0.0, at - time.monotonic()))
            if not future.done():
                limit = f"takes longer than {self._seconds:g} s to compile"
                self._fail(guide, future, over_limit(guide.type.value, limit))

    def _fail(self, guide, future, fault):
        """A failure is not kept: it may have been for want of time."""
        with self._lock:
            if self._kept.get(guide) is future:
                del self._kept[guide]
                self._kept_bytes -= len(guide.text)
        self._settle(future.set_exception, fault)

    def _settle(self, set_outcome, outcome):
        with suppress(InvalidStateError):  # it was given up on, or has just been done
            set_outcome(outcome)
