"""Stop words as TensorRT-LLM lays them out: row 0 all token ids, row 1 the end offset of each word, then -1."""

from .errors import RequestError


def parse_stop_words(rows):
    """The words of a [2, n] array; offsets that are out of order are refused in TensorRT-LLM's words."""
    ids, offsets = rows.tolist()
    words = []
    start = 0
    for end in _ends(ids, offsets):
        words.append(tuple(ids[start:end]))
        start = end
    return tuple(words)


def _ends(ids, offsets):
    count = offsets.index(-1) if -1 in offsets else len(offsets)
    ends = offsets[:count]
    fault = None
    if any(offset != -1 for offset in offsets[count:]):
        fault = "additional -1s"
    elif any(end > len(ids) for end in ends):
        fault = "out-of-bound offsets"
    elif any(later <= earlier for earlier, later in zip([0, *ends], ends, strict=False)):
        fault = "non-increasing offsets"
    if fault:
        raise RequestError(f"Sparse list must not have {fault}: {' '.join(map(str, ids + offsets))}", invalid=True)
    return ends


class StopWordMatcher:
    """Follows one sequence and tells when its generated tokens end with one of the words.

    A token costs one look-up for each length that words have, however many words there are.
    """

    def __init__(self, words):
        self._words = frozenset(words)
        self._lengths = sorted(set(map(len, words)))
        self._tail = ()

    def accept(self, token):
        """Whether this token completes a word."""
        if not self._words:
            return False
        self._tail = (*self._tail, token)[-self._lengths[-1] :]
        return any(self._tail[-length:] in self._words for length in self._lengths)
