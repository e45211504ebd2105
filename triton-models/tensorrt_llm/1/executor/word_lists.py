"""Lists of words as TensorRT-LLM lays them out: row 0 all token ids, row 1 the end offset of each word, then -1."""

from .errors import RequestError


def parse_word_list(name, rows):
    """The words of a [2, n] array; offsets that are out of order are refused in TensorRT-LLM's words."""
    ids, offsets = rows.tolist()
    words = []
    start = 0
    for end in _ends(name, ids, offsets):
        words.append(tuple(ids[start:end]))
        start = end
    return tuple(words)


def _ends(name, ids, offsets):
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
        numbers = " ".join(map(str, ids + offsets))
        raise RequestError(f"{name}: Sparse list must not have {fault}: {numbers}", invalid=True)
    return ends
