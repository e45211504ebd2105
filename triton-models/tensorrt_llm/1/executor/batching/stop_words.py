"""Finds stop words among the tokens of one sequence."""


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
