"""The response of one step: what is waiting in a backlog as the tensors `step_*` (docs/adr/0008)."""

import numpy as np

from executor.step_news import GOES_ON, REFUSED, StepNews, merged


def step_tensors(number, backlog):
    """Name -> array, a batch of one. The news that came in arrays are in front."""
    rows = list(backlog.rows.values())
    if backlog.parts:
        news = merged(backlog.parts)
        news = _joined(news, _news_of(rows)) if rows else news
    else:
        news = _news_of(rows)
    tensors = {
        "step": np.array([number], np.int64),
        "step_handles": news.handles,
        "step_sequences": news.sequences,
        "step_counts": news.counts,
        "step_ids": news.ids,
        "step_ends": news.ends,
        "step_cached_tokens": news.cached_tokens,
        **_extras(rows),
    }
    return {name: array[None] for name, array in tensors.items() if array is not None}


def _news_of(rows):
    sequences = np.array([row.sequence for row in rows], np.int32)
    ends = np.array([row.end for row in rows], np.uint8)
    cached_tokens = np.array([row.request.first_cached_tokens(row) for row in rows], np.int32)
    return StepNews(
        np.array([row.request.handle for row in rows], np.uint64),
        np.array([len(row.ids) for row in rows], np.int32),
        np.array([token for row in rows for token in row.ids], np.int32),
        sequences if sequences.any() else None,
        ends if ends.any() else None,
        cached_tokens if (cached_tokens >= 0).any() else None,
    )


def _joined(first, second):
    """Both, one behind the other."""
    rows = [len(first.handles), len(second.handles)]
    columns = {
        name: _column(name, absent, first, second, rows)
        for name, absent in (("sequences", np.int32(0)), ("ends", np.uint8(GOES_ON)), ("cached_tokens", np.int32(-1)))
    }
    whole = {name: np.append(getattr(first, name), getattr(second, name)) for name in ("handles", "counts", "ids")}
    return StepNews(**whole, **columns)


def _column(name, absent, first, second, rows):
    columns = [getattr(first, name), getattr(second, name)]
    if columns[0] is None and columns[1] is None:
        return None
    filled = [np.full(count, absent) if column is None else column for column, count in zip(columns, rows, strict=True)]
    return np.concatenate(filled)


def _extras(rows):
    """What only rows have: errors and log-probabilities."""
    tensors = {}
    errors = [row.error.encode() for row in rows if row.end >= REFUSED]
    if errors:
        tensors["step_errors"] = np.array(errors, np.object_)
    entries = [(row.request, entry) for row in rows for entry in row.log_probs]
    chosen = [entry.chosen for request, entry in entries if request.returns_log_probs]
    if chosen:
        tensors["step_log_probs"] = np.array(chosen, np.float32)
    tops = [entry for request, entry in entries if request.num_top_log_probs]
    if tops:
        tensors["step_top_ids"] = np.concatenate([entry.top_ids for entry in tops]).astype(np.int32)
        tensors["step_top_log_probs"] = np.concatenate([entry.top for entry in tops]).astype(np.float32)
    return tensors
