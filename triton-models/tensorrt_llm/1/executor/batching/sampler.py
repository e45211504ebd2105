"""Chooses the next token of one sequence from its logits, the way TensorRT-LLM's decoder does.

The order is that of TensorRT-LLM's layers and kernels (`penaltyKernels.cu`, `banRepeatNgram.cu`, `banBadWords.cu`,
`samplingTopPKernels.cu`): embedding bias, temperature, repetition, presence and frequency penalty over prompt and
output alike, then the ban of repeated n-grams, of bad words and, below `min_tokens`, of what would end the generation
(TensorRT-LLM bans `end_id` alone; here stop words of one token too). Without top-k and top-p the best token wins and
temperature cannot change that by itself. Otherwise: the top k, of these (renormalised) the smallest set whose mass
reaches top-p, of these the ones with at least `min_p` times the best probability, then one draw.

Log-probabilities are taken after all these adjustments and before any candidate is left out, over the whole vocabulary:
what TensorRT-LLM reports with `normalize_log_probs` off (`samplingLayer.cpp`). They follow the temperature, of a greedy
request as well. A banned token has the lowest number there is, which JSON can say, and not minus infinity.

Equal logits rank by token id, and each sampler draws from a generator of its own, one number a token: neither the
neighbours in a batch nor the order of evaluation can change a choice.
"""

import numpy as np

from executor.request import TokenLogProbs

from .banned_tokens import BannedTokens

TEMPERATURE_FLOOR = np.float32(1e-6)
LOWEST = np.finfo(np.float32).min
NEVER = np.float32(-1e9)
HIGHEST = np.finfo(np.float32).max
NUCLEUS_GUESSES = (64, 2048)


class UnusableLogits(Exception):
    """The model gave NaN or infinity for this sequence, or nothing is left to choose from."""


class GuideComplete(Exception):
    """The guide lets the answer end here, and nothing else can be sampled."""


class Sampler:
    """Chooses the tokens of one sequence; not thread-safe."""

    def __init__(self, params, prompt, end_ids, vocab_size, guide=None):
        self._params = params
        self._end_ids = list(end_ids)
        self._guide = guide
        self._never = _never(params.embedding_bias)
        self._generated = 0
        self._generator = np.random.Generator(np.random.PCG64(params.seed))
        self._counts = np.bincount(prompt, minlength=vocab_size) if params.has_penalties else None
        self._banned = BannedTokens(params.bad_words, params.no_repeat_ngram_size, prompt)

    def choose(self, logits):
        """The next token id; raises `UnusableLogits`, `GuideComplete` or what the guide says."""
        params = self._params
        return self._take(self._adjust(logits, tempered=not params.is_greedy or params.has_penalties))

    def choose_with_log_probs(self, logits, top):
        """The next token id, and the log-probabilities of it and of the `top` best; raises as `choose` does."""
        logits = self._adjust(logits, tempered=True)
        token = self._take(logits)
        return token, _log_probs(logits, token, top)

    def _take(self, logits):
        token = self._pick_guided(logits) if self._guide else self._pick(logits)
        self._generated += 1
        self._banned.accept(token)
        if self._guide:
            self._guide.accept(token)
        if self._counts is not None:
            self._counts[token] += 1
        return token

    def _adjust(self, logits, tempered):
        if not np.isfinite(logits.max()) or np.isnan(logits.min()):
            raise UnusableLogits("the model's logits are not finite")
        params = self._params
        if params.embedding_bias is not None:
            logits = logits + params.embedding_bias
        if params.temperature != 1.0 and tempered:
            logits = logits / (np.float32(params.temperature) + TEMPERATURE_FLOOR)
        if self._counts is not None:
            logits = self._penalise(logits)
        return self._ban(np.clip(logits, LOWEST, HIGHEST))

    def _ban(self, logits):
        """Takes a copy of the model's logits, which it may write to."""
        banned = [*self._banned.next(), *self._never]
        if self._generated < self._params.min_tokens:
            banned += self._end_ids
        if banned:
            logits[banned] = LOWEST
            if logits.max() == LOWEST and not self._guide:
                raise UnusableLogits("every token is banned")
        return logits

    def _pick_guided(self, logits):
        """Of what the guide allows. The least number of tokens does not hold up the end of a guide."""
        ids = np.flatnonzero(self._guide.allowed() & (logits > LOWEST))
        if ids.size:
            return int(ids[self._pick(logits[ids])])
        if self._guide.may_end:
            raise GuideComplete
        raise self._guide.dead_end()

    def _penalise(self, logits):
        params = self._params
        seen = np.flatnonzero(self._counts)
        values = logits[seen]
        values = np.where(values < 0, values * params.repetition_penalty, values / params.repetition_penalty)
        values -= params.presence_penalty + params.frequency_penalty * self._counts[seen]
        logits = logits.copy()
        logits[seen] = values
        return logits

    def _pick(self, logits):
        if self._params.is_greedy:
            return int(np.argmax(logits))
        ids, probabilities = self._candidates(logits)
        mass = np.cumsum(probabilities, dtype=np.float64)
        drawn = np.searchsorted(mass, self._generator.random() * mass[-1], side="right")
        return int(ids[min(drawn, len(ids) - 1)])

    def _candidates(self, logits):
        params = self._params
        if params.top_k:
            ids, probabilities = _top(logits, params.top_k)
            ids, probabilities = _nucleus(ids, probabilities, params.top_p)
        elif params.top_p < 1:
            ids, probabilities = _guessed_nucleus(logits, params.top_p)
        else:
            ids, probabilities = np.arange(len(logits)), np.exp(logits - logits.max())
        return _at_least(ids, probabilities, params.min_p)


def _never(bias):
    """Tokens with a bias that no logit outweighs: a ban, which holds when all others are banned too."""
    return [] if bias is None else np.flatnonzero(bias <= NEVER).tolist()


def _log_probs(logits, token, top):
    """In double precision: the differences to a far better token are large."""
    shifted = logits.astype(np.float64) - logits.max()
    log_probs = np.maximum(shifted - np.log(np.exp(shifted).sum()), LOWEST)
    ids = _top(logits, top)[0] if top else np.empty(0, np.int64)
    return TokenLogProbs(float(log_probs[token]), ids.astype(np.int32), log_probs[ids].astype(np.float32))


def _top(logits, count):
    """Ids and unnormalised probabilities of the `count` best tokens, best first, equals by id."""
    ids = np.arange(len(logits))
    if count < len(logits):
        threshold = np.partition(logits, len(logits) - count)[len(logits) - count]
        ids = np.flatnonzero(logits >= threshold)
    ids = ids[np.argsort(-logits[ids], kind="stable")][:count]
    return ids, np.exp(logits[ids] - logits[ids[0]])


def _nucleus(ids, probabilities, top_p, total=None):
    """The smallest leading set whose share of `total` reaches `top_p`; all when top-p is off."""
    if not 0 < top_p < 1:
        return ids, probabilities
    mass = np.cumsum(probabilities, dtype=np.float64)
    size = np.searchsorted(mass, top_p * (total or mass[-1])) + 1
    return ids[:size], probabilities[:size]


def _guessed_nucleus(logits, top_p):
    """The nucleus of the whole vocabulary, sorting no more of it than that takes."""
    total = np.exp(logits - logits.max()).sum(dtype=np.float64)
    for count in NUCLEUS_GUESSES:
        ids, probabilities = _top(logits, count)
        if probabilities.sum(dtype=np.float64) >= top_p * total:
            return _nucleus(ids, probabilities, top_p, total)
    return _nucleus(*_top(logits, len(logits)), top_p)


def _at_least(ids, probabilities, min_p):
    if min_p <= 0:
        return ids, probabilities
    kept = probabilities >= min_p * probabilities.max()
    return ids[kept], probabilities[kept]
