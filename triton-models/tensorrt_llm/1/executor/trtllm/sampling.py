"""Our requests in the words of `tensorrt_llm.LLM`: one call of `generate_async` for each sequence."""

import datetime

import numpy as np
from tensorrt_llm.executor import LoRARequest
from tensorrt_llm.llmapi import GuidedDecodingParams, KvCacheRetentionConfig, SamplingParams

from executor import errors
from executor.request import GuideType

SEEDS = 2**64


class CallWriter:
    """Writes calls for one engine; `adapters` are folders by task id."""

    def __init__(self, adapters):
        self._adapters = adapters

    def calls(self, request):
        """The arguments for each sequence of a request, seed + i for number i; raises `RequestError`."""
        try:
            shared = {
                "inputs": {"prompt_token_ids": list(request.prompt)},
                "lora_request": self._lora(request.lora_task),
                "kv_cache_retention_config": request.retention and _retention(request.retention),
                "streaming": streams(request),
            }
            return [{**shared, "sampling_params": _params(request, index)} for index in range(request.num_sequences)]
        except (ValueError, TypeError) as fault:  # TensorRT-LLM's own checks
            raise errors.RequestError(str(fault), invalid=True) from fault

    def _lora(self, task):
        if not task:
            return None
        if task not in self._adapters:
            known = ", ".join(map(str, sorted(self._adapters)))
            raise errors.invalid("lora_task_id", task, f"0, for none, or one of {known}" if known else "0, for none")
        return LoRARequest(f"adapter-{task}", task, self._adapters[task])


def streams(request):
    """Whether each step is to be told: words of several tokens are found by us, so we have to see them come."""
    return request.streams or any(len(word) > 1 for word in request.stop_words)


def _params(request, index):
    sampling = request.sampling
    params = SamplingParams(
        end_id=request.end_id,
        max_tokens=request.max_new_tokens,
        min_tokens=sampling.min_tokens or None,
        stop_token_ids=_single(request.stop_words) or None,
        include_stop_str_in_output=True,
        bad_token_ids=_single(sampling.bad_words) or None,
        embedding_bias=None if sampling.embedding_bias is None else _tensor(sampling.embedding_bias),
        seed=(sampling.seed + index) % SEEDS,
        logprobs=max(1, request.num_top_log_probs) if request.needs_log_probs else None,
        guided_decoding=request.guide and _guide(request.guide),
        detokenize=False,
        add_special_tokens=False,
        **_choice(sampling),
        **_unless_default(sampling),
    )
    _ban(params, [list(word) for word in sampling.bad_words if len(word) > 1])
    return params


def _single(words):
    return [word[0] for word in words if len(word) == 1]


def _choice(sampling):
    """Greedy is said by a top-k of 1: without any of them some versions sample as soon as there is a temperature."""
    if sampling.is_greedy or sampling.temperature == 0:
        return {"top_k": 1, "temperature": sampling.temperature or None}
    return {
        "temperature": sampling.temperature,
        "top_k": sampling.top_k or None,
        "top_p": sampling.top_p if sampling.top_p > 0 else None,
    }


_DEFAULTS = {
    "top_p_min": float(np.float32(1e-6)),
    "top_p_decay": 1.0,
    "top_p_reset_ids": -1,
    "min_p": 0.0,
    "repetition_penalty": 1.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "no_repeat_ngram_size": 0,
}


def _unless_default(sampling):
    """What is left out costs nothing; some of the defaults, such as an n-gram size of 0, are errors there."""
    values = {name: getattr(sampling, name) for name in _DEFAULTS}
    return {name: value for name, value in values.items() if np.float32(value) != np.float32(_DEFAULTS[name])}


def _ban(params, words):
    """There is no public way to ban words of several ids: the texts in `bad` would go through a tokenizer, whose
    results these are. With an `end_id` none is asked."""
    if words:
        params.bad = [""] * len(words)
        params._bad_word_ids = words


def _guide(guide):
    if guide.type is GuideType.JSON:
        return GuidedDecodingParams(json_object=True)
    return GuidedDecodingParams(**{_GUIDE_FIELDS[guide.type]: guide.text})


_GUIDE_FIELDS = {
    GuideType.JSON_SCHEMA: "json",
    GuideType.REGEX: "regex",
    GuideType.EBNF_GRAMMAR: "grammar",
    GuideType.STRUCTURAL_TAG: "structural_tag",
}


def _retention(retention):
    ranges = [
        KvCacheRetentionConfig.TokenRangeRetentionConfig(
            each.start, each.end, each.priority, _duration(each.duration_ms)
        )
        for each in retention.ranges
    ]
    return KvCacheRetentionConfig(ranges, retention.decode_priority, _duration(retention.decode_duration_ms))


def _duration(milliseconds):
    return None if milliseconds is None else datetime.timedelta(milliseconds=milliseconds)


def _tensor(array):
    """The one place that needs torch, which comes with TensorRT-LLM."""
    import torch

    return torch.from_numpy(array)
