"""Hand-written stand-ins for the model and for Triton."""

import threading

import numpy as np

from executor.batching.evaluator import EvaluationFailed
from executor.engine import EngineLimits

VOCAB_SIZE = 64
COUNTED = 60
UNEVALUABLE = 62
NAN_AFTER = 63


class CountingEvaluator:
    """A model that counts to 59 and begins anew: after token t the best next token is t + 1, the second best t + 2.

    It refuses a batch with `UNEVALUABLE` in it, gives NaN after `NAN_AFTER`, insists that every slot is fed position by
    position, and holds tokens as a cache does: `held(slot)`. With `rewinds` off it cannot share them.

    `hold()` makes the next evaluation wait, `await_held()` waits for that, `release()` lets everything run.
    """

    def __init__(self, slots=4, max_seq_len=32, kv_cache_tokens=None, rewinds=True):
        self.slots = slots
        self.max_seq_len = max_seq_len
        self.vocab_size = VOCAB_SIZE
        self.kv_cache_tokens = kv_cache_tokens or slots * max_seq_len
        self.calls = []
        self.closed = False
        self._held = dict.fromkeys(range(slots), ())
        self._rewinds = rewinds
        self._open = threading.Event()
        self._open.set()
        self._waits = threading.Event()
        self._steps = threading.Semaphore(0)

    def evaluate(self, spans):
        if not self._open.is_set():
            self._waits.set()
            assert self._steps.acquire(timeout=10), "held for too long"
        self.calls.append(spans)
        for span in spans:
            self._remember(span)
        if any(UNEVALUABLE in span.tokens for span in spans):
            raise EvaluationFailed("an unevaluable token")
        return [_logits(span.tokens[-1]) if span.wants_logits else None for span in spans]

    def forget(self, slot, first=0):
        self._held[slot] = self._held[slot][:first]

    def share(self, source, slot, length):
        assert length <= len(self._held[source]), f"slot {source} holds {len(self._held[source])}, not {length}"
        self._held[slot] = self._held[source][:length] if self._rewinds else ()
        return len(self._held[slot])

    def close(self):
        self.closed = True

    def hold(self):
        self._waits.clear()
        self._steps = threading.Semaphore(0)
        self._open.clear()

    def await_held(self):
        assert self._waits.wait(10), "nothing was evaluated"

    def step(self):
        """Lets the held evaluation run and holds the next one."""
        self._waits.clear()
        self._steps.release()
        self.await_held()

    def release(self):
        self._open.set()
        self._steps.release()

    def remembered(self):
        """KV-cache tokens in use."""
        return sum(map(len, self._held.values()))

    def held(self, slot):
        """The tokens that `slot` remembers."""
        return self._held[slot]

    def _remember(self, span):
        assert span.first == len(self._held[span.slot]), f"slot {span.slot} holds {len(self._held[span.slot])}: {span}"
        self._held[span.slot] += span.tokens


def _logits(token):
    if token == NAN_AFTER:
        return np.full(VOCAB_SIZE, np.nan, np.float32)
    logits = np.zeros(VOCAB_SIZE, np.float32)
    logits[(token + 2) % COUNTED] = 9.0
    logits[(token + 1) % COUNTED] = 10.0
    return logits


class Recorder:
    """A listener that keeps what it hears."""

    def __init__(self):
        self.outputs = []
        self._changed = threading.Condition()

    def __call__(self, output):
        with self._changed:
            self.outputs.append(output)
            self._changed.notify_all()

    def await_tokens(self, count=1, seconds=30):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.token_ids) >= count, seconds), self.outputs

    def await_end(self, seconds=60):
        """The final output."""
        with self._changed:
            assert self._changed.wait_for(self._has_ended, seconds), self.outputs
        return self.outputs[-1]

    @property
    def token_ids(self):
        return [token for output in self.outputs for token in output.token_ids]

    def ids_of(self, sequence_index):
        return [token for each in self.outputs if each.sequence_index == sequence_index for token in each.token_ids]

    def _has_ended(self):
        return bool(self.outputs) and self.outputs[-1].is_final


class PausingRecorder(Recorder):
    """Holds the engine's thread at the first thing it hears, until `go_on()`."""

    def __init__(self):
        super().__init__()
        self._may_go_on = threading.Event()

    def __call__(self, output):
        super().__call__(output)
        assert self._may_go_on.wait(30), "held for too long"

    def go_on(self):
        self._may_go_on.set()


class FakeEngine:
    """An engine that says what the test tells it to; `fault` is why it takes nothing."""

    limits = EngineLimits(100, 50)

    def __init__(self):
        self.fault = None
        self.taken = []

    def submit(self, request, listener):
        if self.fault:
            raise self.fault
        self.taken.append(FakeGeneration(request, listener))
        return self.taken[-1]


class FakeGeneration:
    """Keeps whether it was cancelled."""

    def __init__(self, request, listener):
        self.request = request
        self.tell = listener
        self.cancelled = False

    def cancel(self):
        self.cancelled = True


class RecordingChannel:
    """A client's end of a request, kept in memory."""

    def __init__(self, request_id="r1"):
        self.request_id = request_id
        self.sent = []
        self.cancelled = False

    def is_cancelled(self):
        return self.cancelled

    def send(self, tensors, final):
        self.sent.append((tensors, final))

    def send_error(self, error):
        self.sent.append((error, True))

    def send_empty_final(self):
        self.sent.append(({}, True))
