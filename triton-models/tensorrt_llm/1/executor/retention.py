"""Reads what a request wants to have kept in the KV cache, from the tensors of TensorRT-LLM."""

from . import errors
from .request import RetainedRange, Retention

RANGES = "retention_token_range_"
LOWEST_PRIORITY, HIGHEST_PRIORITY = 0, 100


def retention_of(values):
    """None if a request asks for nothing but the default. Raises `RequestError` by the name of the faulty tensor."""
    ranges = tuple(_ranges(values))
    priority = values.scalar("retention_decode_priority")
    retention = Retention(ranges, priority, _duration(values.scalar("retention_decode_duration_ms")))
    return None if retention == Retention() else retention


def _ranges(values):
    starts = values.vector(RANGES + "starts").tolist()
    columns = [_column(values, name, len(starts)) for name in ("ends", "priorities")]
    durations = values.vector(RANGES + "durations_ms").tolist() or [-1] * len(starts)
    _check_length("durations_ms", durations, len(starts))
    for start, end, priority, duration in zip(starts, *columns, durations, strict=True):
        yield RetainedRange(_start(start), _end(start, end), _priority(priority), _duration(duration))


def _column(values, name, length):
    column = values.vector(RANGES + name).tolist()
    _check_length(name, column, length)
    return column


def _check_length(name, column, length):
    if len(column) != length:
        raise errors.invalid(RANGES + name, f"{len(column)} values", f"{length}, as many as {RANGES}starts")


def _start(start):
    if start < 0:
        raise errors.invalid(RANGES + "starts", start, ">= 0")
    return start


def _end(start, end):
    if end == -1:
        return None
    if end <= start:
        raise errors.invalid(RANGES + "ends", end, f"> {start}, where it starts, or -1")
    return end


def _priority(priority):
    if not LOWEST_PRIORITY <= priority <= HIGHEST_PRIORITY:
        raise errors.invalid(RANGES + "priorities", priority, f"{LOWEST_PRIORITY} to {HIGHEST_PRIORITY}")
    return priority


def _duration(milliseconds):
    return None if milliseconds < 0 else milliseconds
