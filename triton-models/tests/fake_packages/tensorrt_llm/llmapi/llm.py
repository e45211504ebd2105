"""`LLM`: requests in, awaitable results out."""

import asyncio
import itertools
import json
from pathlib import Path

from ..executor import GenerationResult, IterationResult
from ..sampling_params import SamplingParams
from .llm_args import TorchLlmArgs, known_arguments


class RequestOutput(GenerationResult):
    """What `generate_async` answers with."""


class LLM:
    """`executor` is what the real one keeps in processes of its own; tests may look into it."""

    def __init__(
        self,
        model,
        tokenizer=None,
        tokenizer_mode="auto",
        skip_tokenizer_init=False,
        trust_remote_code=False,
        tensor_parallel_size=1,
        dtype="auto",
        revision=None,
        tokenizer_revision=None,
        **kwargs,
    ):
        named = {name: value for name, value in locals().items() if name not in ("self", "kwargs")}
        for key in kwargs:
            if key not in known_arguments():
                raise ValueError(f"LLM got invalid argument: {key}")
        self.args = TorchLlmArgs(**named, **kwargs)
        from .. import model as fake_model  # here, as those who look at signatures need none

        self._model = fake_model
        self.executor = fake_model.Executor(self.args, json.loads((Path(model) / "config.json").read_text()))
        self._numbers = itertools.count(1)
        self._has_shut_down = False

    def generate_async(
        self,
        inputs,
        sampling_params=None,
        lora_request=None,
        prompt_adapter_request=None,
        streaming=False,
        kv_cache_retention_config=None,
        disaggregated_params=None,
        _postproc_params=None,
        scheduling_params=None,
        cache_salt=None,
    ):
        if self._has_shut_down:
            raise RuntimeError("LLM is shutting down")
        params = sampling_params or SamplingParams()
        prompt = inputs["prompt_token_ids"]
        if params.end_id is None:
            raise ValueError("tokenizer is required to reset end_id if it is None")
        if not self.args.enable_chunked_prefill and len(prompt) > self.args.max_num_tokens:
            raise ValueError(
                f"The sum of prompt length ({len(prompt)}), query length (0) should not exceed "
                f"max_num_tokens ({self.args.max_num_tokens})"
            )
        result = RequestOutput(next(self._numbers), self.executor.abort)
        job = self._model.Job(result, prompt, params, streaming, lora_request, kv_cache_retention_config)
        job.refusal = self._refusal(params)
        self.executor.enqueue(job)
        return result

    def _refusal(self, params):
        return self._model.GUIDES_OFF if params.guided_decoding and not self.args.guided_decoding_backend else None

    def get_stats_async(self, timeout=2):
        if self.executor.statistics is None:
            self.executor.collect_statistics(asyncio.get_running_loop())
        return IterationResult(self.executor.statistics, timeout)

    def shutdown(self):
        if not self._has_shut_down:
            self._has_shut_down = True
            self.executor.shutdown()
