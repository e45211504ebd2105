"""Tokens that may not come next: they would complete a bad word, or repeat an n-gram.

Prompt and output count as one text, as in TensorRT-LLM (`banBadWords.cu`, `banRepeatNgram.cu`). A token costs one
look-up for each length that words have, however many words and tokens there are.
"""

from collections import defaultdict


class BadWords:
    """The last tokens of those words whose other tokens the text ends with; a word of one token is banned always."""

    def __init__(self, words, prompt):
        self._last_tokens = defaultdict(list)
        for word in words:
            self._last_tokens[word[:-1]].append(word[-1])
        self._lengths = sorted(set(map(len, self._last_tokens)))
        self._tail = _tail(prompt, self._lengths[-1])

    def next(self):
        return [token for length in self._lengths for token in self._last_tokens.get(_tail(self._tail, length), ())]

    def accept(self, token):
        self._tail = _tail((*self._tail, token), self._lengths[-1])


class RepeatedNgrams:
    """The tokens that have followed before on the last `size` - 1 tokens."""

    def __init__(self, size, prompt):
        self._context = size - 1
        self._followers = defaultdict(set)
        self._tail = ()
        for token in prompt:
            self.accept(token)

    def next(self):
        return self._followers.get(self._tail, ())

    def accept(self, token):
        if len(self._tail) == self._context:
            self._followers[self._tail].add(token)
        self._tail = _tail((*self._tail, token), self._context)


class BannedTokens:
    """All bans of one request; not thread-safe."""

    def __init__(self, bad_words, no_repeat_ngram_size, prompt):
        self._bans = [BadWords(bad_words, prompt)] if bad_words else []
        if no_repeat_ngram_size:
            self._bans.append(RepeatedNgrams(no_repeat_ngram_size, prompt))

    def next(self):
        """Ids, some perhaps twice."""
        return [token for ban in self._bans for token in ban.next()]

    def accept(self, token):
        """The token that came."""
        for ban in self._bans:
            ban.accept(token)


def _tail(tokens, length):
    return tuple(tokens[len(tokens) - length :]) if 0 < length <= len(tokens) else tuple(tokens[:length])
