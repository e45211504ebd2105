"""One sequence of a request on its way through the batcher: waiting, prefilling its prompt, decoding, ended."""

from dataclasses import replace
from functools import cached_property

from executor.request import FinishReason, Output

from .evaluator import Span
from .sampler import GuideComplete, Sampler
from .stop_words import StopWordMatcher

SEEDS = 2**64


class Sequence:
    """The batcher's view of one sequence, used by its thread only."""

    def __init__(self, group, index, vocab_size):
        self.group = group
        self.request = group.request
        self.slot = None
        self.last_output = None
        self.evaluated = 0
        self._index = index
        self._vocab_size = vocab_size
        self._stop_words = StopWordMatcher(self.request.stop_words)
        self._generated = []
        self._cum_log_prob = 0.0

    @property
    def reservation(self):
        """KV-cache tokens it can come to need."""
        return len(self.request.prompt) + self.request.max_new_tokens

    @property
    def is_prefilling(self):
        return self.evaluated < len(self.request.prompt)

    @property
    def waits_for_sibling(self):
        """Whether another sequence of the request is reading the prompt for this one as well."""
        reader = self.group.reader
        return reader is not None and reader is not self and reader.is_prefilling

    @property
    def cancelled(self):
        return self.group.cancelled

    @property
    def ended(self):
        return self.last_output is not None

    @property
    def failed(self):
        return self.last_output is not None and self.last_output.error is not None

    def evaluated_tokens(self):
        """What its slot of the KV cache holds."""
        return (*self.request.prompt, *self._generated)[: self.evaluated]

    @cached_property
    def _sampler(self):
        """Made for the first token: it may hold a number for each token of the vocabulary, and many requests wait."""
        request = self.request
        sampling = replace(request.sampling, seed=(request.sampling.seed + self._index) % SEEDS)
        return Sampler(sampling, request.prompt, request.end_ids, self._vocab_size, self.guide)

    @cached_property
    def guide(self):
        """What this sequence may go on with; None if it may with everything."""
        guide = self.group.guide
        return guide and guide.start(self.request.end_id, self.request.end_ids)

    def next_span(self, most):
        """Up to `most` prompt tokens while prefilling, else the token chosen last."""
        if not self.is_prefilling:
            return Span(self.slot, self.evaluated, (self._generated[-1],), wants_logits=True)
        prompt = self.request.prompt
        tokens = prompt[self.evaluated : self.evaluated + most]
        return Span(self.slot, self.evaluated, tokens, wants_logits=self.evaluated + len(tokens) == len(prompt))

    def advance(self, span, logits):
        """Takes in the result of a span: nothing new inside the prompt, otherwise one token or the end."""
        self.evaluated += len(span.tokens)
        if not span.wants_logits:
            return
        try:
            token, log_probs = self._choose(logits)
        except GuideComplete:
            self.end(FinishReason.STOP)
            return
        if token == self.request.end_id:
            self.end(FinishReason.STOP)
        else:
            self._generated.append(token)
            self._emit(token, log_probs)

    def _choose(self, logits):
        if not self.request.needs_log_probs:
            return self._sampler.choose(logits), ()
        token, log_probs = self._sampler.choose_with_log_probs(logits, self.request.num_top_log_probs)
        self._cum_log_prob += log_probs.chosen
        return token, (log_probs,)

    def _emit(self, token, log_probs):
        reason = None
        if self._stop_words.accept(token) or (self.guide and self.guide.is_complete):
            reason = FinishReason.STOP
        elif len(self._generated) == self.request.max_new_tokens:
            reason = FinishReason.LENGTH
        output = self._output(token_ids=(token,), log_probs=log_probs, finish_reason=reason)
        if reason:
            self.last_output = output
        else:
            self.group.tell(output)

    def _output(self, **news):
        return Output(
            sequence_index=self._index,
            cum_log_prob=self._cum_log_prob,
            cached_tokens=self.group.cached_tokens,
            **news,
        )

    def end(self, reason):
        self.last_output = self._output(finish_reason=reason)

    def fail(self, error):
        self.last_output = Output(error=error)

    def report_end(self):
        """Tells of it, once nothing of this sequence is left in the batcher."""
        self.group.ended(self.last_output)
