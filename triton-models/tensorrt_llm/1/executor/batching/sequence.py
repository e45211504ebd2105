"""One request on its way through the batcher: waiting, prefilling its prompt, decoding, ended."""

from functools import cached_property

from executor.request import FinishReason, Output
from executor.stop_words import StopWordMatcher

from .evaluator import Span
from .sampler import Sampler


class Sequence:
    """The batcher's view of one generation. Only `cancel` and `cancelled` may be used from other threads."""

    def __init__(self, request, listener, vocab_size, on_cancel):
        self.request = request
        self.slot = None
        self.last_output = None
        self.cancelled = False
        self.evaluated = 0
        self._listener = listener
        self._on_cancel = on_cancel
        self._vocab_size = vocab_size
        self._stop_words = StopWordMatcher(request.stop_words)
        self._generated = 0
        self._last_token = None

    @property
    def reservation(self):
        """KV-cache tokens it can come to need."""
        return len(self.request.prompt) + self.request.max_new_tokens

    @property
    def is_prefilling(self):
        return self.evaluated < len(self.request.prompt)

    @property
    def ended(self):
        return self.last_output is not None

    @cached_property
    def _sampler(self):
        """Made for the first token: it may hold a number for each token of the vocabulary, and many requests wait."""
        request = self.request
        return Sampler(request.sampling, request.prompt, request.end_id, self._vocab_size)

    def cancel(self):
        self.cancelled = True
        self._on_cancel()

    def next_span(self, most):
        """Up to `most` prompt tokens while prefilling, else the token chosen last."""
        if not self.is_prefilling:
            return Span(self.slot, self.evaluated, (self._last_token,), wants_logits=True)
        prompt = self.request.prompt
        tokens = prompt[self.evaluated : self.evaluated + most]
        return Span(self.slot, self.evaluated, tokens, wants_logits=self.evaluated + len(tokens) == len(prompt))

    def advance(self, span, logits):
        """Takes in the result of a span: nothing new inside the prompt, otherwise one token or the end."""
        self.evaluated += len(span.tokens)
        if not span.wants_logits:
            return
        token = self._sampler.choose(logits)
        if token == self.request.end_id:
            self.end(FinishReason.STOP)
            return
        self._last_token = token
        self._generated += 1
        self._emit(token)

    def _emit(self, token):
        reason = None
        if self._stop_words.accept(token):
            reason = FinishReason.STOP
        elif self._generated == self.request.max_new_tokens:
            reason = FinishReason.LENGTH
        output = Output(token_ids=(token,), finish_reason=reason)
        if output.is_final:
            self.last_output = output
        else:
            self._listener(output)

    def end(self, reason):
        self.last_output = Output(finish_reason=reason)

    def fail(self, error):
        self.last_output = Output(error=error)

    def report_end(self):
        """Tells the listener, once nothing of this sequence is left in the batcher."""
        self._listener(self.last_output)
