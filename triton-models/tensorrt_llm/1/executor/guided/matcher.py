"""How far one sequence has come in its guide, and what may come next."""

import numpy as np
from llguidance import LLExecutor, LLMatcher, LLParserLimits

from .errors import dead_end, invalid_guide, over_limit
from .grammars import grammar_of

WORD_BITS = 32
DONE = ("NoExtension", "NoExtensionBias", "EndOfSentence")

# A mask may cost about 20 ms and a sequence about 50 MB, whatever the guide is; the rest are llguidance's defaults.
LIMITS = {"max_lexer_states": 30_000, "verbose_errors": False}


class CompiledGuide:
    """A guide at its beginning; `start()` may be called by one thread at a time."""

    def __init__(self, guide, vocabulary):
        self._kind = guide.type.value
        self._vocabulary = vocabulary
        grammar = grammar_of(guide, vocabulary.special)
        self._matcher = LLMatcher(vocabulary.tokenizer, grammar, log_level=0, limits=LLParserLimits(**LIMITS))
        if self._matcher.is_error():
            raise invalid_guide(self._kind, self._matcher.get_error())
        self._check_beginning()

    def _check_beginning(self):
        """The first mask is the one that costs most, and it tells whether there is any text at all."""
        first = self.start()
        fill([first])
        if first.matcher.is_error() and first.matcher.get_error().startswith(DONE):
            raise invalid_guide(self._kind, "no text at all follows it")
        first.check()

    def start(self, end_id=-1, end_ids=()):
        """The state of a new sequence.

        It ends with the token `end_id`, if that is one, and with the special ones among `end_ids`. The others are text,
        and come where the guide has them.
        """
        special = self._vocabulary.special_ids
        end_tokens = [token for token in end_ids if token == end_id or token in special]
        return GuideState(self._kind, self._matcher.deep_copy(), self._vocabulary, end_tokens)


class GuideState:
    """`fill` it, ask `allowed`, `accept` a token, and again. Not thread-safe."""

    def __init__(self, kind, matcher, vocabulary, end_tokens):
        self._kind = kind
        self._end = vocabulary.end
        self._end_tokens = end_tokens
        self.matcher = matcher
        self.words = np.zeros(vocabulary.end // WORD_BITS + 1, np.int32)
        self.may_end = False
        self.is_complete = False

    def allowed(self):
        """Of each token whether it may come; the end tokens may exactly where the answer may end."""
        allowed = self.check()
        for token in self._end_tokens:
            allowed[token] = self.may_end or (allowed[token] and self._ends_with(token))
        return allowed

    def check(self):
        """Of each token whether the guide itself goes on with it."""
        self._raise_fault()
        allowed = np.unpackbits(self.words.view(np.uint8), bitorder="little")[: self._end + 1].astype(bool)
        self.may_end = bool(allowed[self._end])
        return allowed[: self._end]

    def accept(self, token):
        """The token that came; an end token is not one of the answer. `is_complete` when nothing can follow it."""
        if token in self._end_tokens:
            return
        if not self.matcher.consume_token(token):
            self._raise_fault()
        self.is_complete = self.matcher.is_stopped()
        if self.is_complete and self.matcher.stop_reason() not in DONE:
            raise over_limit(self._kind, self.matcher.stop_reason())

    def dead_end(self):
        """The error for when nothing of what is allowed can be sampled."""
        return dead_end(self._kind, "nothing that may follow can be sampled")

    def _ends_with(self, token):
        """Whether a token that the guide itself asks for, here, leaves it at an end."""
        if not self.matcher.consume_token(token):
            self._raise_fault()
        accepting = self.matcher.is_accepting()
        self.matcher.rollback(1)
        return accepting

    def _raise_fault(self):
        if self.matcher.is_error():
            raise over_limit(self._kind, self.matcher.get_error())


_executor = LLExecutor()


def fill(states):
    """Finds out what may come next for all of these, in parallel and without Python's lock."""
    if len(states) == 1:
        [state] = states
        state.matcher.unsafe_compute_mask_ptr(state.words.ctypes.data, state.words.nbytes)
        return
    words = np.empty((len(states), states[0].words.size), np.int32)
    pairs = [(state.matcher, at) for at, state in enumerate(states)]
    _executor.unsafe_compute_mask_ptr(pairs, words.ctypes.data, words[0].nbytes, len(states))
    for state, row in zip(states, words, strict=True):
        state.words = row
