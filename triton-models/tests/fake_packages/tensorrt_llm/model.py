"""The model behind the fake: it counts to `vocab_size` - 4 and begins anew, all requests in steps that they share.

After token t the best next token is t + 1, the second best t + 2; an adapter adds its id to both. It is sampled from as
the CPU engine does it. The last token of the vocabulary in a prompt makes a request fail. A guide is a text of numbers:
those tokens, then the end. `fake_step_seconds` in the checkpoint's config.json makes a step take time.
"""

import asyncio
import contextlib
import threading
from dataclasses import dataclass

import numpy as np

from executor.batching.sampler import Sampler
from executor.request import SamplingParams as CpuSamplingParams

from .executor.result import Logprob

GUIDES_OFF = "Request is specified with GuidedDecodingParams, but GuidedDecoder is not setup."
TOKENS_PER_BLOCK = 32
BLOCKS = 64
SAMPLED = ("top_k", "top_p", "min_p", "temperature", "repetition_penalty", "presence_penalty", "frequency_penalty")


@dataclass(eq=False)
class Job:
    """One request in the executor."""

    result: object
    prompt: list
    params: object
    streaming: bool
    lora_request: object
    retention: object
    refusal: str | None = None
    sampler: object = None
    cached: int = 0

    def __post_init__(self):
        self.tokens = []
        self.log_probs = []
        self.told = 0
        self.aborted = False


class Executor:
    """Runs at most `max_batch_size` jobs at a time, the others wait. `jobs` are all that it ever had."""

    def __init__(self, args, config):
        self.jobs = []
        self.statistics = None
        self._args = args
        self._vocab_size = config["vocab_size"]
        self._step_seconds = config.get("fake_step_seconds", 0)
        self._news = threading.Condition()
        self._waiting = []
        self._running = []
        self._seen = set()
        self._reused = 0
        self._iteration = 0
        self._closing = False
        self._thread = threading.Thread(target=self._loop, name="fake-executor", daemon=True)
        self._thread.start()

    def enqueue(self, job):
        with self._news:
            self.jobs.append(job)
            self._waiting.append(job)
            self._news.notify()

    def abort(self, request_id):
        with self._news:
            for job in self._waiting + self._running:
                job.aborted = job.aborted or job.result.request_id == request_id

    def collect_statistics(self, loop):
        self._stats_loop = loop
        self.statistics = asyncio.Queue()

    def shutdown(self):
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join()

    def _loop(self):
        while self._wait_for_work():
            self._step()
            self._closing or threading.Event().wait(self._step_seconds)

    def _wait_for_work(self):
        with self._news:
            while not (self._waiting or self._running or self._closing):
                self._news.wait()
            return not self._closing

    def _step(self):
        self._admit()
        self._iteration += 1
        responses = [(job, self._advance(job)) for job in self._running]
        self._tell(responses)
        with self._news:
            self._running = [job for job, response in responses if not _is_last(response)]
        self._count(len(responses))

    def _admit(self):
        with self._news:
            room = self._args.max_batch_size - len(self._running)
            joining, self._waiting = self._waiting[:room], self._waiting[room:]
            self._running += joining
        for job in joining:
            self._prepare(job)

    def _prepare(self, job):
        prompt = tuple(job.prompt)
        if self._args.kv_cache_config.enable_block_reuse and prompt in self._seen:
            job.cached = len(prompt) - 1
            self._reused += job.cached // TOKENS_PER_BLOCK
        self._seen.add(prompt)
        job.sampler = Sampler(_cpu_params(job.params), prompt, _end_ids(job.params), self._vocab_size)

    def _advance(self, job):
        """New tokens, their log-probabilities, a finish reason, the cached tokens; or an error; or None: not now."""
        if job.refusal or self._vocab_size - 1 in job.prompt:
            return RuntimeError(job.refusal or "the last token of the vocabulary")
        if job.aborted:
            return [], [], "cancelled", job.cached
        try:
            reason = self._guided(job) if job.params.guided_decoding else self._sample(job)
        except ValueError as fault:
            return RuntimeError(f"Guided decoding error: {fault}")
        return self._news_of(job, reason)

    def _news_of(self, job, reason):
        fresh = len(job.tokens) - job.told
        if reason is None and not (job.streaming and fresh >= self._args.stream_interval):
            return None
        tokens, log_probs = job.tokens[job.told :], job.log_probs[job.told :]
        job.told = len(job.tokens)
        return tokens, log_probs, reason, job.cached

    def _sample(self, job):
        token, entry = job.sampler.choose_with_log_probs(self._logits(job), job.params.logprobs or 0)
        job.tokens.append(token)
        if job.params.logprobs:
            job.log_probs.append(self._row(token, entry))
        return _reason(job, token)

    def _row(self, token, entry):
        """`TRTLLMSampler` has the chosen token only."""
        chosen = {token: Logprob(entry.chosen, 1)}
        if self._args.sampler_type == "TRTLLMSampler":
            return chosen
        best = zip(entry.top_ids.tolist(), entry.top.tolist(), strict=True)
        return chosen | {each: Logprob(value, rank) for rank, (each, value) in enumerate(best, start=1)}

    def _logits(self, job):
        last = (job.prompt + job.tokens)[-1]
        step = 1 + (job.lora_request.lora_int_id if job.lora_request and self._args.lora_config else 0)
        logits = np.zeros(self._vocab_size, np.float32)
        logits[(last + step + 1) % (self._vocab_size - 4)] = 9.0
        logits[(last + step) % (self._vocab_size - 4)] = 10.0
        return logits

    def _guided(self, job):
        params = job.params.guided_decoding
        text = params.regex or params.json or params.grammar or params.structural_tag or "1"
        numbers = text.split()
        job.tokens.append(int(numbers[len(job.tokens)]))
        return "stop" if len(job.tokens) == len(numbers) else None

    def _tell(self, responses):
        """All of a step at once, as the real proxy does it."""
        told = [(job.result, response) for job, response in responses if response is not None]
        if told:
            _on_loop(told[0][0]._loop, lambda: [result._queue.put_nowait(response) for result, response in told])

    def _count(self, running):
        if self.statistics is None or not self._args.enable_iter_perf_stats:
            return
        held = sum(len(job.prompt) + len(job.tokens) for job in self._running)
        iteration = {
            "iter": self._iteration,
            "numActiveRequests": running + len(self._waiting),
            "maxNumActiveRequests": self._args.max_batch_size,
            "gpuMemUsage": 1 << 30,
            "pinnedMemUsage": 1 << 20,
            "kvCacheStats": {
                "maxNumBlocks": BLOCKS,
                "usedNumBlocks": -(-held // TOKENS_PER_BLOCK),
                "tokensPerBlock": TOKENS_PER_BLOCK,
                "reusedBlocks": self._reused,
            },
            "inflightBatchingStats": {
                "numScheduledRequests": running,
                "numContextRequests": sum(len(job.tokens) <= 1 for job in self._running),
                "numGenRequests": sum(len(job.tokens) > 1 for job in self._running),
                "numPausedRequests": 0,
                "numCtxTokens": 0,
            },
        }
        _on_loop(self._stats_loop, lambda: self.statistics.put_nowait(iteration))


def _is_last(response):
    return isinstance(response, Exception) or (response is not None and response[2] is not None)


def _reason(job, token):
    if token == job.params.end_id:
        return "stop"
    if [token] in job.params._get_stop_words():
        return "stop"
    return "length" if len(job.tokens) >= job.params.max_tokens else None


def _end_ids(params):
    """The end id alone is kept away by `min_tokens`."""
    return {params.end_id} if params.end_id >= 0 and not params.ignore_eos else set()


def _cpu_params(params):
    return CpuSamplingParams(
        **{name: value for name in SAMPLED if (value := getattr(params, name)) is not None},
        seed=params.seed or 0,
        min_tokens=params.min_tokens or 0,
        no_repeat_ngram_size=params.no_repeat_ngram_size or 0,
        bad_words=tuple(map(tuple, params._get_bad_words())),
        embedding_bias=None if params.embedding_bias is None else params.embedding_bias.numpy(),
    )


def _on_loop(loop, action):
    with contextlib.suppress(RuntimeError):  # it is closed; nobody waits any more
        loop.call_soon_threadsafe(action)
