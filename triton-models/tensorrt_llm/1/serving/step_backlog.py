"""What a subscriber has not been told yet: the news of steps, each sequence's merged, in objects or in arrays."""

from dataclasses import dataclass, field

import numpy as np

from executor.request import FinishReason
from executor.step_news import CANCELLED, FAILED, GOES_ON, LENGTH, REFUSED, STOP, merged

ENDS = {FinishReason.STOP: STOP, FinishReason.LENGTH: LENGTH, FinishReason.CANCELLED: CANCELLED}
MOST_PARTS = 32  # then those that wait are made into one, so that they cost memory by the token and not by the step


@dataclass
class Row:
    """The news of one sequence of `request`."""

    request: object
    sequence: int
    ids: list = field(default_factory=list)
    log_probs: list = field(default_factory=list)
    end: int = GOES_ON
    error: str = ""
    cached_tokens: int = -1

    def take(self, output):
        """Adds an `Output`."""
        self.ids += output.token_ids
        self.log_probs += output.log_probs
        self.cached_tokens = output.cached_tokens
        if output.error:
            self.fail(output.error)
        elif output.finish_reason:
            self.end = ENDS[output.finish_reason]

    def fail(self, error):
        self.end = REFUSED if getattr(error, "invalid", False) else FAILED
        self.error = str(error)

    def join(self, later):
        self.ids += later.ids
        self.log_probs += later.log_probs
        self.end, self.error, self.cached_tokens = later.end, later.error, later.cached_tokens


class StepBacklog:
    """Not thread-safe. Rows that end their request come last of it."""

    def __init__(self):
        self.rows = {}
        self.parts = []
        self._longest = 0  # no sequence has more tokens in the first so many parts
        self._measured = 0

    def __bool__(self):
        return bool(self.rows or self.parts)

    def row(self, request, sequence, comes_last):
        """The row of a sequence; behind all others if it is the last of its request."""
        key = request, sequence
        row = self.rows.get(key)
        if row is None or comes_last:
            self.rows[key] = row = self.rows.pop(key, None) or Row(request, sequence)
        return row

    def add_part(self, news):
        """Takes in a `StepNews`."""
        self.parts.append(news)
        if len(self.parts) == MOST_PARTS:
            self._merge()

    def join(self, later):
        """Takes in what came behind it."""
        for part in later.parts:
            self.add_part(part)
        for (request, sequence), row in later.rows.items():
            self.row(request, sequence, row.end != GOES_ON).join(row)

    def longer_than(self, most):
        """The handles of sequences that go on and have more tokens waiting than `most`, in arrays or in rows."""
        handles = [request.handle for (request, _), row in self.rows.items() if len(row.ids) > most and not row.end]
        self._measure()
        if self._longest <= most:
            return handles
        [part] = self._merge()
        too_long = part.counts > most
        self._longest, self._measured = int(part.counts[~too_long].max(initial=0)), 1
        if part.ends is not None:
            too_long &= part.ends == GOES_ON
        return [*handles, *np.unique(part.handles[too_long]).tolist()]

    def _merge(self):
        self.parts = [merged(self.parts)]
        self._longest = self._measured = 0
        return self.parts

    def _measure(self):
        """Not when they come: most leave before anybody asks."""
        self._longest += sum(int(part.counts.max(initial=0)) for part in self.parts[self._measured :])
        self._measured = len(self.parts)
