"""In-flight batching: requests join and leave between two steps, all running sequences share the steps.

A step takes one token of every decoding sequence and, beside them, up to a chunk of the prompts still being read (first
come, first served), evaluates all of it at once and chooses one token for each sequence that has logits. A long prompt
thus delays the others by one chunk a step and not by its whole length.

Admission is first come, first served as well: a request starts when a slot and KV-cache room for its whole length are
free, so a running sequence is never evicted, and nobody overtakes a large request that waits for room.

A request with a guide joins the queue when that is compiled, elsewhere; others may overtake it until then. What each
guided sequence may go on with is found out for all of them together, between a step and the choice of its tokens.

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

    def __init__(
        self,
        evaluator,
        prefill_chunk_tokens,
        max_queue_size=0,
        deterministic=False,
        reuses_kv_cache=True,
        guides=None,
    ):
        self.limits = EngineLimits(evaluator.max_seq_len, evaluator.vocab_size)
        self._evaluator = evaluator
        self._chunk = prefill_chunk_tokens
        self._max_queue_size = max_queue_size
        self._deterministic = deterministic
        self._shares_prompts = not deterministic
        self._cache = KvCache(evaluator, prefill_chunk_tokens, reuses_kv_cache and not deterministic)
        self._news = threading.Condition()
        self._queue = deque()
        self._guides = guides
        self._preparing = {}
        self._closing = False
        self._step_ended = lambda: None
        self._running = []
        self._scheduled = []
        self._stats = EngineStats(max=evaluator.slots, kv_max=evaluator.kv_cache_tokens)
        self._thread = threading.Thread(target=self._loop, name="inflight-batcher", daemon=True)
        self._thread.start()

    def on_step_end(self, callback):
        self._step_ended = callback

    def submit(self, request, listener):
        group = SequenceGroup(request, listener, self.limits.vocab_size, self._wake)
        prepared = self._prepare(request)
        with self._news:
            if self._closing:
                raise errors.shutting_down()
            if self._max_queue_size and self._waiting() >= self._max_queue_size:
                raise errors.queue_full(self._max_queue_size)
            if prepared is None:
                self._queue.extend(group.sequences)
            else:
                self._preparing[group] = None
            self._news.notify()
        if prepared is not None:
            prepared.add_done_callback(lambda outcome: self._join(group, outcome))
        return group

    def _prepare(self, request):
        if request.guide is None:
            return None
        if self._guides is None:
            raise errors.unsupported("guided_decoding_guide_type")
        return self._guides.compile(request.guide)

    def _join(self, group, outcome):
        """Lets a request in whose guide is compiled, or could not be."""
        with self._news:
            if group not in self._preparing:
                return
            del self._preparing[group]
            group.fault = outcome.exception()
            group.guide = None if group.fault else outcome.result()
            self._queue.extend(group.sequences)
            self._news.notify()

    def stats(self):
        return self._stats

    def close(self):
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join()

    def _waiting(self):
        """Sequences that have to wait for others to end; the rest of the queue joins the next step."""
        fitting = self._cache.fitting(sequence.reservation for sequence in self._queue)
        return len(self._queue) - fitting + len(self._prepared_for())

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
            self._step_ended()
            os.sched_yield()
        self._end_all()
        self._step_ended()
        if self._guides:
            self._guides.close()
        self._evaluator.close()

    def _wait_for_work(self):
        with self._news:
            while not (self._queue or self._running or self._closing or self._given_up()):
                self._news.wait()
            return not self._closing

    def _given_up(self):
        return [group for group in self._preparing if group.cancelled]

    def _prepared_for(self):
        """The sequences whose guide is not compiled yet."""
        return [sequence for group in list(self._preparing) for sequence in group.sequences]

    def _step(self):
        self._drop_ended()
        self._admit()
        self._scheduled = self._plan()
        self._publish(iteration=self._stats.iteration + bool(self._scheduled))
        for part in self._calls(self._scheduled):
            self._evaluate(part)
        self._retire(self._running)

    def _drop_ended(self):
        """Takes out what was cancelled, and what cannot begin."""
        with self._news:
            for group in self._given_up():
                del self._preparing[group]
                self._queue.extend(group.sequences)
            waiting = [sequence for sequence in self._queue if sequence.cancelled or sequence.group.fault]
            for sequence in waiting:
                self._queue.remove(sequence)
        for sequence in waiting + self._running:
            if sequence.cancelled:
                sequence.end(FinishReason.CANCELLED)
            elif sequence.group.fault:
                sequence.fail(_told(sequence.group.fault))
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
        guided = [sequence.guide for sequence, span in pairs if span.wants_logits and sequence.guide]
        if guided:
            self._guides.fill(guided)
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
        except (UnusableLogits, errors.RequestError) as fault:
            self._fail([sequence], fault)
        if was_prefilling and not sequence.is_prefilling and self._shares_prompts:
            for sibling in sequence.group.waiting_for(sequence):
                self._cache.hand_on(sequence, sibling)

    def _fail(self, sequences, fault):
        for sequence in sequences:
            if not sequence.ended:
                sequence.fail(_told(fault))

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
            active=len(self._running) + len(self._queue) + len(self._prepared_for()),
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
            left = [*self._running, *self._queue, *self._prepared_for()]
            self._queue.clear()
            self._preparing.clear()
        for sequence in left:
            sequence.fail(errors.shutting_down())
        self._retire(left)


def _told(fault):
    """What a client is told of a fault."""
    return fault if isinstance(fault, errors.RequestError) else errors.engine_failed(fault)
