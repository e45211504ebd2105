"""In-flight batching: requests join and leave between two steps, all running sequences share the steps.

A step takes one token of every decoding sequence and, beside them, up to a chunk of the prompts still being read (first
come, first served), evaluates all of it at once and chooses one token for each sequence that has logits. A long prompt
thus delays the others by one chunk a step and not by its whole length.

Admission is first come, first served as well: a request starts when a slot and KV-cache room for its whole length are
free, so a running sequence is never evicted, and nobody overtakes a large request that waits for room.

The sequences of one request are admitted one by one like those of others. Those that run while the first one reads
the prompt wait for it and take it over.

With `deterministic` every sequence is evaluated in a call of its own, always cut into the same chunks, and reads all of
its prompt. Sums of floating point numbers depend on the shape of a batch; this way the neighbours cannot change it.

Threads: one, which owns all sequences. `submit`, `cancel`, `stats` and `close` only touch the mailbox behind the
condition, or single references.
"""

import os
import sys
import threading
import traceback
from collections import deque

from executor import errors
from executor.engine import EngineLimits, EngineStats
from executor.request import FinishReason

from .evaluator import EvaluationFailed
from .kv_cache import KvCache
from .sampler import UnusableLogits
from .sequence_group import SequenceGroup


class InflightBatcher:
    """An `Engine` over an `Evaluator`, which it owns."""

    def __init__(self, evaluator, prefill_chunk_tokens, max_queue_size=0, deterministic=False, reuses_kv_cache=True):
        self.limits = EngineLimits(evaluator.max_seq_len, evaluator.vocab_size)
        self._evaluator = evaluator
        self._chunk = prefill_chunk_tokens
        self._max_queue_size = max_queue_size
        self._deterministic = deterministic
        self._shares_prompts = not deterministic
        self._cache = KvCache(evaluator, reuses_kv_cache and not deterministic)
        self._news = threading.Condition()
        self._queue = deque()
        self._closing = False
        self._running = []
        self._scheduled = []
        self._stats = EngineStats(max=evaluator.slots, kv_max=evaluator.kv_cache_tokens)
        self._thread = threading.Thread(target=self._loop, name="inflight-batcher", daemon=True)
        self._thread.start()

    def submit(self, request, listener):
        group = SequenceGroup(request, listener, self.limits.vocab_size, self._wake)
        with self._news:
            if self._closing:
                raise errors.shutting_down()
            if self._max_queue_size and self._waiting() >= self._max_queue_size:
                raise errors.queue_full(self._max_queue_size)
            self._queue.extend(group.sequences)
            self._news.notify()
        return group

    def stats(self):
        return self._stats

    def close(self):
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join()

    def _waiting(self):
        """Sequences that have to wait for others to end; the rest of the queue joins the next step."""
        return len(self._queue) - self._cache.fitting(sequence.reservation for sequence in self._queue)

    def _wake(self):
        with self._news:
            self._news.notify()

    def _loop(self):
        while self._wait_for_work():
            try:
                self._step()
            except Exception as fault:  # a fault of ours must not leave clients waiting
                traceback.print_exc(file=sys.stderr)
                self._fail(self._running, fault)
                self._retire(self._running)
            os.sched_yield()
        self._end_all()
        self._evaluator.close()

    def _wait_for_work(self):
        with self._news:
            while not (self._queue or self._running or self._closing):
                self._news.wait()
            return not self._closing

    def _step(self):
        self._drop_cancelled()
        self._admit()
        self._scheduled = self._plan()
        self._publish(iteration=self._stats.iteration + bool(self._scheduled))
        for part in self._calls(self._scheduled):
            self._evaluate(part)
        self._retire(self._running)

    def _drop_cancelled(self):
        with self._news:
            waiting = [sequence for sequence in self._queue if sequence.cancelled]
            for sequence in waiting:
                self._queue.remove(sequence)
        for sequence in waiting + self._running:
            if sequence.cancelled:
                sequence.end(FinishReason.CANCELLED)
        self._retire(waiting + self._running)

    def _admit(self):
        with self._news:
            while self._queue and self._cache.admit(self._queue[0]):
                sequence = self._queue.popleft()
                sequence.group.admitted(sequence)
                self._running.append(sequence)

    def _plan(self):
        """Pairs of a sequence and its span in this step."""
        decoding = [sequence for sequence in self._running if not sequence.is_prefilling]
        spans = [(sequence, sequence.next_span(1)) for sequence in decoding]
        room = self._chunk
        for sequence in self._running:
            if sequence.is_prefilling and room > 0 and not self._takes_prompt_over(sequence):
                spans.append((sequence, sequence.next_span(room)))
                room = 0 if self._deterministic else room - len(spans[-1][1].tokens)
        return spans

    def _takes_prompt_over(self, sequence):
        return self._shares_prompts and sequence.waits_for_sibling

    def _calls(self, spans):
        return [[pair] for pair in spans] if self._deterministic else [spans] if spans else []

    def _evaluate(self, pairs):
        try:
            results = self._evaluator.evaluate([span for _, span in pairs])
        except EvaluationFailed as fault:
            self._evaluate_apart(pairs, fault)
            return
        for (sequence, span), logits in zip(pairs, results, strict=True):
            self._advance(sequence, span, logits)

    def _evaluate_apart(self, pairs, fault):
        """After a failure each sequence is tried by itself, so that only those end which cannot be evaluated."""
        for _, span in pairs:
            self._evaluator.forget(span.slot, span.first)
        if len(pairs) == 1:
            self._fail([pairs[0][0]], fault)
            return
        for pair in pairs:
            self._evaluate([pair])

    def _advance(self, sequence, span, logits):
        was_prefilling = sequence.is_prefilling
        try:
            sequence.advance(span, logits)
        except UnusableLogits as fault:
            self._fail([sequence], fault)
        if was_prefilling and not sequence.is_prefilling and self._shares_prompts:
            for sibling in sequence.group.waiting_for(sequence):
                self._cache.hand_on(sequence, sibling)

    def _fail(self, sequences, fault):
        for sequence in sequences:
            if not sequence.ended:
                sequence.fail(errors.engine_failed(fault))

    def _retire(self, sequences):
        """Takes out those that have ended; their listeners hear of it when nothing of them is left."""
        ended = [sequence for sequence in sequences if sequence.ended]
        for sequence in ended:
            if sequence.slot is not None:
                self._running.remove(sequence)
                self._cache.release(sequence)
        if ended:
            self._publish(self._stats.iteration)
        for sequence in ended:
            sequence.report_end()

    def _publish(self, iteration):
        scheduled = [pair for pair in self._scheduled if not pair[0].ended]
        context = [span for sequence, span in scheduled if sequence.is_prefilling]
        self._stats = EngineStats(
            active=len(self._running) + len(self._queue),
            max=self._evaluator.slots,
            scheduled=len(scheduled),
            context=len(context),
            generation=len(scheduled) - len(context),
            context_tokens=sum(len(span.tokens) for span in context),
            kv_max=self._cache.tokens,
            kv_used=self._cache.reserved,
            kv_reused=self._cache.reused,
            iteration=iteration,
        )

    def _end_all(self):
        with self._news:
            left = [*self._running, *self._queue]
            self._queue.clear()
        for sequence in left:
            sequence.fail(errors.shutting_down())
        self._retire(left)
