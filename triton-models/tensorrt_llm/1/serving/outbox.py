"""News on its way out: gathered on the engine's thread, delivered on another, so that no client can slow the engine."""

import queue
import sys
import threading
import traceback
from dataclasses import replace


class ResponseDispatcher:
    """Delivers the news of all requests, one after the other, on a thread of its own.

    When it falls behind, the tokens that a sequence has gathered meanwhile leave in one response.
    """

    def __init__(self):
        self._ready = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="response-dispatcher", daemon=True)
        self._thread.start()

    def outbox(self, deliver, streaming):
        """A listener for one generation; `deliver(Output)` is called on the dispatcher's thread and must not raise."""
        return _Outbox(self._ready, deliver, streaming)

    def announce(self, outbox):
        """Has `outbox.empty()` called on the dispatcher's thread, in turn."""
        self._ready.put(outbox)

    def mark(self):
        """`wait(seconds)`: until everything that was announced before this call is delivered; whether it is."""
        mark = _Mark()
        self._ready.put(mark)
        return mark.wait

    def close(self):
        """Returns when everything that was gathered is delivered."""
        self._ready.put(None)
        self._thread.join()

    def _run(self):
        while (outbox := self._ready.get()) is not None:
            try:
                outbox.empty()
            except Exception:  # `deliver` shall not raise; if it does, the others are not to suffer
                traceback.print_exc(file=sys.stderr)


class _Mark:
    """A place in the queue."""

    def __init__(self):
        self._not_yet = threading.Lock()
        self._not_yet.acquire()

    def empty(self):
        self._not_yet.release()

    def wait(self, seconds):
        return self._not_yet.acquire(timeout=seconds)


class _Outbox:
    """Gathers the news of one generation. Called by the engine's thread, emptied by the dispatcher's."""

    def __init__(self, ready, deliver, streaming):
        self._ready = ready
        self._deliver = deliver
        self._streaming = streaming
        self._lock = threading.Lock()
        self._gathered = []
        self._announced = False

    def __call__(self, output):
        with self._lock:
            self._gathered.append(output)
            if self._announced or not (self._streaming or output.is_final):
                return
            self._announced = True
        self._ready.put(self)

    def empty(self):
        with self._lock:
            gathered, self._gathered = self._gathered, []
            self._announced = False
        for output in _merged(gathered):
            self._deliver(output)


def _merged(outputs):
    """One piece of news for each sequence, in the order of their last ones: the final one stays the last."""
    by_sequence = {}
    for output in outputs:
        news = by_sequence.pop(output.sequence_index, [])
        news.append(output)
        by_sequence[output.sequence_index] = news
    return [_joined(news) for news in by_sequence.values()]


def _joined(news):
    """What is not new tokens is the last one's."""
    if len(news) == 1:
        return news[0]
    token_ids = tuple(token for output in news for token in output.token_ids)
    log_probs = tuple(entry for output in news for entry in output.log_probs)
    return replace(news[-1], token_ids=token_ids, log_probs=log_probs)
