"""One request of a subscriber."""

from executor.request import GenerationRequest

from .delivery import explained
from .step_backlog import Row

NOTHING = GenerationRequest((), 0)  # of a request that is refused


class SubscribedRequest:
    """The engine's listener (a `SubscribedListener`) for one request, known to its subscriber by `handle`.

    `start`, `cancel` and `cut` may be called on any thread; what `put` and `ends_with_one_more` change, the
    subscription's lock guards. Without streaming, a sequence is told of when it has ended.
    """

    def __init__(self, subscription, handle, generation=NOTHING, streaming=True):
        self.handle = handle
        self.fault = None
        self.returns_log_probs = generation.returns_log_probs
        self.num_top_log_probs = generation.num_top_log_probs
        self.subscriber = subscription if streaming and not generation.needs_log_probs else None
        self._subscription = subscription
        self._open = generation.num_sequences
        self._held = None if streaming else {}
        self._is_told_of = False
        self._cancelled = False
        self._generation = None

    def __call__(self, output):
        self._subscription.hear(self, output)

    def start(self, submit):
        """`submit()` gives the generation, or raises why there is none."""
        try:
            self._generation = submit()
        except Exception as fault:
            self._subscription.refuse(self, explained(fault))
            return
        if self._cancelled:
            self._generation.cancel()

    def cancel(self):
        self._cancelled = True
        if self._generation:
            self._generation.cancel()

    def cut(self, fault):
        """Cancels it with this as its end."""
        if not self.fault:
            self.fault = fault
            self.cancel()

    def put(self, output, backlog):
        """Adds news to what is to be told."""
        index = output.sequence_index
        if self._held is None:
            backlog.row(self, index, output.is_final).take(output)
            return
        row = Row(self, index) if output.error else self._held.setdefault(index, Row(self, index))
        row.take(output)
        if row.end:
            backlog.rows[self, index] = row

    def ends_with_one_more(self):
        """Counts a sequence that has ended."""
        self._open -= 1
        return self._open == 0

    def first_cached_tokens(self, row):
        """Those of the first news of the request, which these are the first time; -1 otherwise."""
        if self._is_told_of:
            return -1
        self._is_told_of = True
        return -1 if row.error else row.cached_tokens
