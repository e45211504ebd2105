"""Sets of characters as sorted, disjoint ranges of code points. Surrogates are no characters and in no set."""

import bisect

LAST = 0x10FFFF
SURROGATES = (0xD800, 0xDFFF)


class CharSet:
    """Immutable."""

    __slots__ = ("ranges",)

    def __init__(self, ranges=()):
        self.ranges = tuple(_merged(_without_surrogates(ranges)))

    def __eq__(self, other):
        return self.ranges == other.ranges

    def __hash__(self):
        return hash(self.ranges)

    def __bool__(self):
        return bool(self.ranges)

    def __or__(self, other):
        if not self.ranges or self.ranges == other.ranges:
            return other
        return CharSet(self.ranges + other.ranges) if other.ranges else self

    def __invert__(self):
        starts = [0, *(high + 1 for _, high in self.ranges)]
        ends = [*(low - 1 for low, _ in self.ranges), LAST]
        return CharSet(zip(starts, ends, strict=True))

    def meets(self, other):
        """Whether they have a character in common."""
        lows = [low for low, _ in other.ranges]
        for low, high in self.ranges:
            at = bisect.bisect_right(lows, high) - 1
            if at >= 0 and other.ranges[at][1] >= low:
                return True
        return False

    def regex(self):
        """A regular expression of one character, without `/`."""
        return "[" + "".join(_range(low, high) for low, high in self.ranges) + "]"


def of(text):
    return CharSet((ord(char), ord(char)) for char in text)


def _range(low, high):
    return f"\\x{{{low:x}}}" if low == high else f"\\x{{{low:x}}}-\\x{{{high:x}}}"


def _without_surrogates(ranges):
    first, last = SURROGATES
    for low, high in ranges:
        if high < first or low > last:
            yield low, high
        else:
            yield low, first - 1
            yield last + 1, high


def _merged(ranges):
    merged = []
    for low, high in sorted(pair for pair in ranges if pair[0] <= pair[1]):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


NONE = CharSet()
ANY = ~NONE
