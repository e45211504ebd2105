"""The news of one step in arrays, for engines that make no Python object for each token."""

from dataclasses import dataclass

import numpy as np

GOES_ON, STOP, LENGTH, CANCELLED, REFUSED, FAILED = range(6)


@dataclass(frozen=True)
class StepNews:
    """One row for each sequence with news: `handles`, `counts` of new tokens, their `ids` one behind the other.

    `sequences` None: all are number 0. `ends` None: all go on; a row is 0, `STOP`, `LENGTH` or `CANCELLED`, errors go
    to the listener. `cached_tokens` None: no request has its first news here; a row is -1 where it has not. The arrays
    are not changed any more once they are told. Types are those of the outputs `step_*`.
    """

    handles: np.ndarray
    counts: np.ndarray
    ids: np.ndarray
    sequences: np.ndarray | None = None
    ends: np.ndarray | None = None
    cached_tokens: np.ndarray | None = None

    def rows(self, kept):
        """These rows (a mask) with their tokens."""
        return StepNews(
            self.handles[kept],
            self.counts[kept],
            self.ids[np.repeat(kept, self.counts)],
            _part(self.sequences, kept),
            _part(self.ends, kept),
            _part(self.cached_tokens, kept),
        )

    def sequences_or_zeros(self):
        return np.zeros(len(self.handles), np.int32) if self.sequences is None else self.sequences


def merged(parts):
    """Several steps as one: a row for each sequence, in the order of their first rows, tokens in the order of steps."""
    if len(parts) == 1:
        return parts[0]
    handles = np.concatenate([part.handles for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    sequences = np.concatenate([part.sequences_or_zeros() for part in parts])
    firsts, row_of = _distinct(handles, sequences)
    token_rows = np.repeat(row_of, counts)
    order = np.argsort(token_rows, kind="stable")
    return StepNews(
        handles[firsts],
        np.bincount(row_of, counts, len(firsts)).astype(np.int32),
        np.concatenate([part.ids for part in parts])[order],
        None if all(part.sequences is None for part in parts) else sequences[firsts],
        _greatest(parts, "ends", np.uint8(GOES_ON), row_of, len(firsts)),
        _greatest(parts, "cached_tokens", np.int32(-1), row_of, len(firsts)),
    )


def _distinct(handles, sequences):
    """Where each sequence comes first, in that order, and which of them each row is."""
    order = np.lexsort((sequences, handles))
    is_new = np.ones(len(order), bool)
    is_new[1:] = (np.diff(handles[order]) != 0) | (np.diff(sequences[order]) != 0)
    firsts = order[is_new]  # lexsort is stable: the earliest of equals
    by_time = np.argsort(firsts)
    rank = np.empty(len(firsts), np.int64)
    rank[by_time] = np.arange(len(firsts))
    row_of = np.empty(len(order), np.int64)
    row_of[order] = rank[np.cumsum(is_new) - 1]
    return firsts[by_time], row_of


def _greatest(parts, name, least, row_of, rows):
    """A sequence has at most one value that is not `least`; None if none has."""
    columns = [getattr(part, name) for part in parts]
    if all(column is None for column in columns):
        return None
    filled = [
        np.full(len(part.handles), least) if column is None else column
        for part, column in zip(parts, columns, strict=True)
    ]
    result = np.full(rows, least)
    np.maximum.at(result, row_of, np.concatenate(filled))
    return result


def _part(column, kept):
    return None if column is None else column[kept]
