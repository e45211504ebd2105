"""One sequence as TensorRT-LLM tells of it, ever longer lists, turned into news."""

import numpy as np

from executor import errors
from executor.batching.sampler import LOWEST
from executor.batching.stop_words import StopWordMatcher
from executor.request import FinishReason, Output, TokenLogProbs

REASONS = {"stop": FinishReason.STOP, "length": FinishReason.LENGTH, "cancelled": FinishReason.CANCELLED}


class Progress:
    """Deltas are counted here, as NVIDIA's own gRPC server does it: `token_ids_diff` is not reliable."""

    def __init__(self, request, index):
        self.cached_tokens = 0
        self.cum_log_prob = 0.0
        self._request = request
        self._index = index
        self._told = 0
        words = [word for word in request.stop_words if len(word) > 1]
        self._words = StopWordMatcher(words) if words else None

    @property
    def has_begun(self):
        return self._told > 0

    def news(self, result):
        """What is new in a `RequestOutput`; the end of it all once the sequence has ended, also by a word of ours."""
        completion = result.outputs[0]
        self.cached_tokens = getattr(result, "cached_tokens", 0) or 0
        ids = completion.token_ids[self._told :]
        reason = _reason(completion) if result.finished else None
        kept, found = self._up_to_a_stop_word(_without_end_id(ids, self._request.end_id))
        log_probs = self._log_probs(completion, ids, kept) if self._request.needs_log_probs else ()
        self._told += len(ids)
        return self.output(tuple(kept), FinishReason.STOP if found else reason, log_probs)

    def output(self, token_ids=(), finish_reason=None, log_probs=()):
        return Output(
            token_ids=token_ids,
            finish_reason=finish_reason,
            sequence_index=self._index,
            log_probs=log_probs,
            cum_log_prob=self.cum_log_prob,
            cached_tokens=self.cached_tokens,
        )

    def _up_to_a_stop_word(self, ids):
        if self._words is None:
            return ids, False
        for place, token in enumerate(ids, start=1):
            if self._words.accept(token):
                return ids[:place], True
        return ids, False

    def _log_probs(self, completion, ids, kept):
        """Of what is kept; the sum has that of an end id as well."""
        rows = completion.logprobs[self._told : self._told + len(ids)]
        entries = [_entry(row, token, self._request.num_top_log_probs) for row, token in zip(rows, ids, strict=True)]
        self.cum_log_prob += sum(entry.chosen for entry in entries)
        return tuple(entries[: len(kept)])


def _reason(completion):
    if completion.finish_reason not in REASONS:
        raise errors.engine_failed(f"it ended a sequence by {completion.finish_reason}")
    return REASONS[completion.finish_reason]


def _without_end_id(ids, end_id):
    """The PyTorch backend leaves the end id in."""
    return ids[:-1] if end_id >= 0 and ids and ids[-1] == end_id else ids


def _entry(row, token, count):
    """`row` is id -> `Logprob`, of the best and of the chosen one; a banned token has the lowest number there is."""
    if token not in row:
        raise errors.engine_failed(f"it has no log-probability of token {token}, which it chose")
    best = sorted(row.items(), key=lambda item: (-item[1].logprob, item[0]))[:count]
    ids = np.array([each for each, _ in best], np.int32)
    return TokenLogProbs(_finite(row[token]), ids, np.array([_finite(each) for _, each in best], np.float32))


def _finite(entry):
    return max(float(entry.logprob), float(LOWEST))
