"""A stand-in for the guide compiler: a guide's text names the only tokens that may come, in turn, as numbers.

`"5 6 7"` lets 5, then 6, then 7 through and is complete; `"5 6 7 *"` may then go on with anything; `"never"` is not
compiled until `finish()`, `"broken"` cannot be compiled.
"""

from concurrent.futures import Future

import numpy as np

from executor.guided.errors import dead_end, invalid_guide
from executor.request import Guide, GuideType
from fakes import VOCAB_SIZE


def guided_by(text):
    return Guide(GuideType.REGEX, text)


class FakeGuides:
    def __init__(self):
        self.filled = []
        self.closed = False
        self._unfinished = []

    def compile(self, guide):
        future = Future()
        if guide.text == "broken":
            future.set_exception(invalid_guide("regex", "broken"))
        elif guide.text == "never":
            self._unfinished.append(future)
        else:
            future.set_result(FakeGuide(guide.text.split()))
        return future

    def finish(self, text):
        """Compiles what was not compiled so far, to this guide."""
        for future in self._unfinished:
            future.set_result(FakeGuide(text.split()))

    def fill(self, states):
        self.filled.append(len(states))
        for state in states:
            state.filled = True

    def close(self):
        self.closed = True


class FakeGuide:
    def __init__(self, words):
        self._words = words

    def start(self, end_id=-1, end_ids=()):
        return FakeState(self._words, {end_id, *end_ids} - {-1})


class FakeState:
    def __init__(self, words, end_tokens):
        self._words = list(words)
        self._end_tokens = end_tokens
        self.filled = False
        self.may_end = False
        self.is_complete = False

    def allowed(self):
        assert self.filled, "asked before it was filled"
        self.filled = False
        allowed = np.zeros(VOCAB_SIZE, bool)
        self.may_end = not self._words or self._words[0] == "*"
        allowed[:] = self._words[:1] == ["*"]
        if self._words and not allowed[0]:
            allowed[int(self._words[0])] = True
        allowed[list(self._end_tokens)] = self.may_end
        return allowed

    def accept(self, token):
        if token not in self._end_tokens and self._words[0] != "*":
            assert self._words.pop(0) == str(token)
            self.is_complete = not self._words

    def dead_end(self):
        return dead_end("regex", "stuck")
