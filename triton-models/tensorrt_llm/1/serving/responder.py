"""Answers one request: which tensors each response carries, and when the last one is out."""

from array import array

import numpy as np

from executor import errors

ALWAYS_REQUESTED = ("output_ids", "sequence_length")


def check_requested(names):
    """`names` are the outputs a client listed, none meaning all: any list must hold the ones that are always sent."""
    for name in ALWAYS_REQUESTED:
        if names and name not in names:
            raise errors.output_required(name)


class Responder:
    """Sends the responses of one request through a `channel` (see `triton_channel`); used by one thread at a time."""

    def __init__(self, channel, parsed, requested):
        self.request_id = channel.request_id
        self._channel = channel
        self._parsed = parsed
        self._requested = requested
        self._sent_any = False
        self._log_probs = [array("f") for _ in range(parsed.generation.num_sequences)]

    def is_abandoned(self):
        """Whether the client cancelled; only to be asked while the request is open."""
        return self._channel.is_cancelled()

    def respond(self, output):
        """Sends one piece of news, with the final flag if it is the last."""
        if output.error:
            self._channel.send_error(output.error)
        else:
            self._channel.send(self._tensors(output), final=output.is_final)
        self._sent_any = True

    def _tensors(self, output):
        tensors = dict(self._produced(output))
        return {name: array for name, array in tensors.items() if not self._requested or name in self._requested}

    def _produced(self, output):
        parsed, generation = self._parsed, self._parsed.generation
        prompt = generation.prompt
        ids = prompt + output.token_ids if parsed.echoes_prompt else output.token_ids
        yield "output_ids", np.array(ids, np.int32).reshape(1, 1, -1)
        yield "sequence_length", _count(len(ids))
        if parsed.returns_num_input_tokens or not self._sent_any:
            yield "num_input_tokens", _count(len(prompt))
        if not self._sent_any:
            yield "cached_tokens", _count(output.cached_tokens)
        if parsed.returns_num_output_tokens:
            yield "num_output_tokens", _count(len(output.token_ids))
        if generation.num_sequences > 1:
            yield "sequence_index", _count(output.sequence_index)
        if generation.returns_log_probs:
            yield "output_log_probs", self._all_log_probs(output)
            yield "cum_log_probs", np.array([[output.cum_log_prob]], np.float32)
        if generation.num_top_log_probs:
            yield "top_logprob_ids", _rows([each.top_ids for each in output.log_probs], generation, np.int32)
            yield "top_logprobs", _rows([each.top for each in output.log_probs], generation, np.float32)
        if output.finish_reason:
            yield "finish_reason", np.array([[output.finish_reason.value.encode()]], np.object_)

    def _all_log_probs(self, output):
        """Of all tokens of the sequence so far, although `output_ids` only has the new ones: as TensorRT-LLM does."""
        so_far = self._log_probs[output.sequence_index]
        so_far.extend(each.chosen for each in output.log_probs)
        return np.array(so_far, np.float32).reshape(1, 1, -1)


def _rows(rows, generation, kind):
    """[1, n, k], also of no tokens."""
    return np.array(rows, kind).reshape(1, -1, generation.num_top_log_probs)


def _count(number):
    return np.array([[number]], np.int32)
