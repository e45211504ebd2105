"""A batcher over a model that counts, held at its steps by a test."""

from executor.batching.batcher import InflightBatcher
from executor.errors import RequestError
from executor.request import GenerationRequest
from fakes import CountingEvaluator, Recorder


class Bench:
    """A batcher whose steps the test can hold."""

    def __init__(
        self, prefill_chunk_tokens=8, max_queue_size=0, deterministic=False, reuses_kv_cache=True, **evaluator
    ):
        self.evaluator = CountingEvaluator(**evaluator)
        self.engine = InflightBatcher(
            self.evaluator, prefill_chunk_tokens, max_queue_size, deterministic, reuses_kv_cache
        )

    def submit(self, *prompt, tokens=4, **rest):
        recorder = Recorder()
        recorder.generation = self.engine.submit(GenerationRequest(prompt, tokens, **rest), recorder)
        return recorder

    def hold_with(self, *prompt, **rest):
        """A request that is being evaluated while the test goes on."""
        self.evaluator.hold()
        recorder = self.submit(*prompt, **rest)
        self.evaluator.await_held()
        return recorder

    def refuses_as_unloaded(self):
        try:
            self.submit(1)
        except RequestError as refusal:
            return "unloaded" in str(refusal)
        return False

    def sizes(self, call):
        return [len(span.tokens) for span in self.evaluator.calls[call]]
