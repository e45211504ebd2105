"""Tensors in, validated request out: the only place that knows what the values of the inputs may be."""

import itertools
from dataclasses import dataclass

import numpy as np

from . import errors
from .guided.guides import guide_of
from .request import GenerationRequest, SamplingParams
from .retention import retention_of
from .tensors import INPUT_BY_NAME, REQUEST_INPUTS, asks_for_something
from .word_lists import parse_word_list

WHOLE_REQUEST = "context_and_generation"


@dataclass(frozen=True)
class ParsedRequest:
    """What to generate, and how its client wants to have it reported."""

    generation: GenerationRequest
    streaming: bool
    echoes_prompt: bool
    returns_num_input_tokens: bool
    returns_num_output_tokens: bool


class RequestParser:
    """Turns a name -> array mapping (arrays as the wire has them, batch of one) into a `ParsedRequest`."""

    def __init__(self, limits, exclude_input_in_output):
        self._limits = limits
        self._excludes_input = exclude_input_in_output
        self._numbers = itertools.count(1)

    def parse(self, arrays):
        """Raises `RequestError` naming the first tensor that is at fault."""
        number = next(self._numbers)
        values = _Values(arrays, self._limits.capabilities.unsupported_inputs)
        prompt = self._prompt(values, number)
        streaming = values.scalar("streaming")
        return ParsedRequest(
            generation=GenerationRequest(
                prompt=prompt,
                max_new_tokens=self._max_new_tokens(values, len(prompt)),
                end_id=self._token_or_none(values, "end_id"),
                stop_words=_words(values, "stop_words_list"),
                sampling=self._sampling(values),
                num_sequences=values.scalar("num_return_sequences"),
                returns_log_probs=values.scalar("return_log_probs"),
                num_top_log_probs=values.scalar("num_logprobs"),
                guide=guide_of(values.scalar("guided_decoding_guide_type"), values.scalar("guided_decoding_guide")),
                lora_task=values.scalar("lora_task_id"),
                retention=retention_of(values),
                streams=streaming,
            ),
            streaming=streaming,
            echoes_prompt=not streaming and not self._excluded(values),
            returns_num_input_tokens=values.scalar("return_num_input_tokens"),
            returns_num_output_tokens=values.scalar("return_num_output_tokens"),
        )

    def _prompt(self, values, number):
        ids = values.vector("input_ids")
        length = values.scalar("input_lengths")
        if not 1 <= length <= ids.size:
            raise errors.invalid("input_lengths", length, f"1 to {ids.size}, the width of input_ids")
        if length > self._limits.max_input_len:
            raise errors.prompt_too_long(number, length, self._limits.max_input_len)
        ids = ids[:length]
        strangers = ids[(ids < 0) | (ids >= self._limits.vocab_size)]
        if strangers.size:
            raise errors.invalid("input_ids", strangers[0], f"0 to {self._limits.vocab_size - 1}")
        return tuple(ids.tolist())

    def _max_new_tokens(self, values, prompt_length):
        wanted = values.scalar("request_output_len")
        if wanted < 1:
            raise errors.invalid("request_output_len", wanted, ">= 1")
        return min(wanted, self._limits.max_seq_len - prompt_length)

    def _token_or_none(self, values, name):
        token = values.scalar(name)
        if not -1 <= token < self._limits.vocab_size:
            raise errors.invalid(name, token, f"-1 to {self._limits.vocab_size - 1}")
        return token

    def _sampling(self, values):
        self._token_or_none(values, "pad_id")
        return SamplingParams(
            temperature=values.scalar("temperature"),
            top_k=values.scalar("runtime_top_k"),
            top_p=values.scalar("runtime_top_p"),
            top_p_min=values.scalar("runtime_top_p_min"),
            top_p_decay=values.scalar("runtime_top_p_decay"),
            top_p_reset_ids=self._token_or_none(values, "runtime_top_p_reset_ids"),
            min_p=values.scalar("min_p"),
            repetition_penalty=values.scalar("repetition_penalty"),
            presence_penalty=values.scalar("presence_penalty"),
            frequency_penalty=values.scalar("frequency_penalty"),
            min_tokens=values.scalar("min_tokens"),
            seed=values.scalar("seed"),
            no_repeat_ngram_size=values.scalar("no_repeat_ngram_size"),
            bad_words=self._bad_words(values),
            embedding_bias=self._embedding_bias(values),
        )

    def _bad_words(self, values):
        words = _words(values, "bad_words_list")
        for token in itertools.chain.from_iterable(words):
            if not 0 <= token < self._limits.vocab_size:
                raise errors.invalid("bad_words_list", token, f"0 to {self._limits.vocab_size - 1}")
        return words

    def _embedding_bias(self, values):
        bias = values.vector("embedding_bias")
        if bias.size == 0:
            return None
        if bias.size != self._limits.vocab_size:
            raise errors.RequestError(
                "The embedding bias shape is not as expected. Expected last dimension to be same as vocab size: "
                f"{self._limits.vocab_size}.",
                invalid=True,
            )
        if np.isnan(bias).any():
            raise errors.invalid("embedding_bias", "nan", "numbers")
        return bias.copy()

    def _excluded(self, values):
        asked = values.scalar("exclude_input_in_output")
        return self._excludes_input if asked is None else asked


def asks_to_stop(arrays):
    """Whether this is not a request for tokens but for the end of one under the same id."""
    return "stop" in arrays and bool(arrays["stop"].any())


def check_request_type(parameters):
    """Disaggregated serving is chosen by a request parameter and not by a tensor; only its default is possible."""
    kind = parameters.get("request_type", WHOLE_REQUEST)
    if kind != WHOLE_REQUEST:
        raise errors.invalid("request_type", kind, WHOLE_REQUEST)


def _words(values, name):
    rows = values.rows(name)
    return parse_word_list(name, rows) if rows.size else ()


class _Values:
    """The arrays of one request, checked against the tensor table as a whole, then read by name."""

    def __init__(self, arrays, unsupported):
        self._arrays = arrays
        for tensor in REQUEST_INPUTS:
            if tensor.name in arrays:
                _check(tensor, arrays[tensor.name], unsupported)
            elif tensor.required:
                raise errors.invalid(tensor.name, "absent", "present")

    def scalar(self, name):
        if name not in self._arrays:
            return INPUT_BY_NAME[name].default
        return self._arrays[name].item()

    def vector(self, name):
        array = self._arrays.get(name)
        return np.empty(0, np.int32) if array is None else array.reshape(-1)

    def rows(self, name):
        array = self._arrays.get(name)
        return np.empty((2, 0), np.int32) if array is None else array.reshape(2, -1)


def _check(tensor, array, unsupported):
    if tensor.is_scalar and array.size != 1:
        raise errors.wrong_size(tensor.name)
    if tensor.name in unsupported and asks_for_something(tensor, array):
        raise errors.unsupported(tensor.name)
    if tensor.range and array.item() not in tensor.range:
        raise errors.invalid(tensor.name, f"{array.item():g}", tensor.range)
