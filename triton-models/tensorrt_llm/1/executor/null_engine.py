"""An engine that computes nothing: one token for each sequence and step, as many sequences as are asked for.

For measuring the way of the news, and for tests. Ids count up from the last one of the prompt; or they are the clock at
the step (microseconds, modulo the vocabulary), so that a client on the same machine can tell how long they were under
way. Every sequence goes on to its length: end ids, stop words and sampling mean nothing where nothing is drawn.

Requests of subscribers are told of in arrays, without a Python object for each token; others by their listeners.
"""

import threading
import time
from dataclasses import replace

import numpy as np

from . import errors
from .engine import EngineStats
from .request import FinishReason, Output
from .step_news import CANCELLED, LENGTH, StepNews

PATIENCE_S = 0.1
FAR_AWAY = np.iinfo(np.int64).max


class NullEngine:
    """An `Engine`. With an interval of 0 a step follows the other as fast as their news leave."""

    def __init__(self, limits, interval_s=0.0, ids_are_clock=False):
        self.limits = limits
        self._interval = interval_s
        self._ids_are_clock = ids_are_clock
        self._news = threading.Condition()
        self._arrived = []
        self._closing = False
        self._step_ended = lambda: None
        self._groups = {}
        self._singles = []
        self._stats = EngineStats()
        self._thread = threading.Thread(target=self._loop, name="null-engine", daemon=True)
        self._thread.start()

    def on_step_end(self, callback):
        self._step_ended = callback

    def submit(self, request, listener):
        if request.guide:
            raise errors.unsupported("guided_decoding_guide_type")
        if request.needs_log_probs:
            raise errors.unsupported("num_logprobs" if request.num_top_log_probs else "return_log_probs")
        generation = _Generation(request, listener)
        with self._news:
            if self._closing:
                raise errors.shutting_down()
            self._arrived.append(generation)
            self._news.notify()
        return generation

    def stats(self):
        return self._stats

    def close(self):
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join()

    def _loop(self):
        due = time.monotonic()
        earlier_left = _at_once
        while self._wait(due):
            due = max(due + self._interval, time.monotonic())
            self._step()
            mark = self._step_ended()
            if not self._interval and mark:
                left = mark()
                earlier_left(PATIENCE_S)
                earlier_left = left
        self._end_all()
        self._step_ended()

    def _wait(self, due):
        """Until there is something to do and its time has come; whether there is."""
        with self._news:
            while not self._closing:
                left = due - time.monotonic()
                if not (self._arrived or self._groups or self._singles):
                    self._news.wait()
                elif left > 0:
                    self._news.wait(left)
                else:
                    break
            return not self._closing

    def _step(self):
        """Tells of ends when the statistics know of them."""
        self._admit()
        self._publish(self._stats.iteration + 1)
        now = time.monotonic_ns() // 1000 % self.limits.vocab_size if self._ids_are_clock else None
        news = [(subscriber, group.step(now)) for subscriber, group in self._groups.items()]
        outputs = [(single.generation.listener, single.step(now)) for single in self._singles]
        self._groups = {subscriber: group for subscriber, group in self._groups.items() if group.generations}
        self._singles = [single for single in self._singles if not single.ended]
        if self._active() != self._stats.active:
            self._publish(self._stats.iteration)
        for subscriber, of_group in news:
            subscriber.tell(of_group)
        for listener, output in outputs:
            listener(output)

    def _admit(self):
        with self._news:
            arrived, self._arrived = self._arrived, []
        for generation in arrived:
            if generation.subscriber is None:
                self._singles += [
                    _Single(generation, index, self.limits.vocab_size) for index in range(generation.open)
                ]
            else:
                self._group(generation.subscriber).add(generation)

    def _group(self, subscriber):
        if subscriber not in self._groups:
            self._groups[subscriber] = _Group(self.limits.vocab_size)
        return self._groups[subscriber]

    def _active(self):
        return len(self._singles) + sum(len(group.generations) for group in self._groups.values())

    def _publish(self, iteration):
        active = self._active()
        self._stats = EngineStats(active=active, scheduled=active, generation=active, iteration=iteration)

    def _end_all(self):
        with self._news:
            left = dict.fromkeys(self._arrived)
            self._arrived = []
        left.update((single.generation, None) for single in self._singles)
        left.update((generation, None) for group in self._groups.values() for generation in group.generations)
        self._singles, self._groups = [], {}
        self._publish(self._stats.iteration)
        for generation in left:
            generation.listener(Output(error=errors.shutting_down()))


def _at_once(_):
    """The wait for a step before the first."""


class _Generation:
    """One request; its sequences are rows of a `_Group`, or `_Single`s."""

    def __init__(self, request, listener):
        self.listener = listener
        self.subscriber = getattr(listener, "subscriber", None)
        self.open = request.num_sequences
        self.first_id = request.prompt[-1] + 1
        self.length = request.max_new_tokens
        self.cancelled = False
        self.group = None

    def cancel(self):
        """The next step sees it; there is one for as long as the request lives."""
        self.cancelled = True
        if self.group is not None:
            self.group.has_cancelled = True


class _Single:
    """A sequence whose listener hears of each token by itself."""

    def __init__(self, generation, index, vocab_size):
        self.generation = generation
        self.ended = False
        self._index = index
        self._vocab_size = vocab_size
        self._count = 0

    def step(self, now):
        if self.generation.cancelled:
            return self._end(FinishReason.CANCELLED)
        token = (self.generation.first_id + self._count) % self._vocab_size if now is None else now
        self._count += 1
        if self._count == self.generation.length:
            return self._end(FinishReason.LENGTH, token)
        return Output((token,), sequence_index=self._index)

    def _end(self, reason, *tokens):
        self.ended = True
        self.generation.open -= 1
        return Output(tokens, reason, sequence_index=self._index, others_open=self.generation.open)


class _Group:
    """The sequences of one subscriber: a row each, in columns, which change only when sequences come and go.

    A row's ids count up from `_first_ids`, were it there since step 0, and it has its last one in step `_lasts`.
    """

    def __init__(self, vocab_size):
        self.generations = []
        self.has_cancelled = False
        self._vocab_size = vocab_size
        self._added = []
        self._step = 0
        self._first_end = 0
        self._handles = np.empty(0, np.uint64)
        self._sequences = np.empty(0, np.int32)
        self._first_ids = np.empty(0, np.int64)
        self._lasts = np.empty(0, np.int64)

    def add(self, generation):
        generation.group = self
        self.has_cancelled = self.has_cancelled or generation.cancelled
        for index in range(generation.open):
            self.generations.append(generation)
            self._added.append((generation.listener.handle, index, generation.first_id, generation.length))

    def step(self, now):
        """The news of all; the rows that ended are gone then."""
        self._step += 1
        cached_tokens = self._take_in() if self._added else None
        news = StepNews(self._handles, self._ones, self._ids(now), self._told_sequences, cached_tokens=cached_tokens)
        if self._step < self._first_end and not self.has_cancelled:
            return news
        cancelled = self._cancelled()
        over = (self._lasts == self._step) | cancelled
        return self._end(over, cancelled, news) if over.any() else news

    def _ids(self, now):
        if now is not None:
            return np.full(len(self._handles), now, np.int32)
        return ((self._first_ids + self._step) % self._vocab_size).astype(np.int32)

    def _cancelled(self):
        """The mask of those rows; one that is cancelled meanwhile is found by the next step."""
        if not self.has_cancelled:
            return np.zeros(len(self.generations), bool)
        self.has_cancelled = False
        return np.array([generation.cancelled for generation in self.generations])

    def _take_in(self):
        """Makes rows of what was added. Gives the column of cached tokens: 0 in the first row of a request."""
        old = len(self._handles)
        handles, sequences, first_ids, lengths = zip(*self._added, strict=True)
        self._added = []
        self._handles = np.append(self._handles, np.array(handles, np.uint64))
        self._sequences = np.append(self._sequences, np.array(sequences, np.int32))
        self._first_ids = np.append(self._first_ids, np.array(first_ids) - self._step)
        self._lasts = np.append(self._lasts, np.array(lengths) + self._step - 1)
        self._rows_changed()
        is_first = self._sequences == 0
        is_first[:old] = False
        return np.where(is_first, np.int32(0), np.int32(-1))

    def _rows_changed(self):
        """What all steps until the next change share."""
        self._ones = np.ones(len(self._handles), np.int32)
        self._told_sequences = self._sequences if self._sequences.any() else None
        self._first_end = self._lasts.min(initial=FAR_AWAY)

    def _end(self, over, cancelled, news):
        self.generations = [each for each, is_over in zip(self.generations, over, strict=True) if not is_over]
        self._handles, self._sequences = self._handles[~over], self._sequences[~over]
        self._first_ids, self._lasts = self._first_ids[~over], self._lasts[~over]
        self._rows_changed()
        ends = np.where(cancelled, np.uint8(CANCELLED), over * np.uint8(LENGTH)).astype(np.uint8)
        counts = np.where(cancelled, np.int32(0), news.counts)
        return replace(news, counts=counts, ids=news.ids[~cancelled], ends=ends)
