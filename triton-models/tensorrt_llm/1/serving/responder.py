"""Answers one request: which tensors each response carries, and when the last one is out."""

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
        parsed = self._parsed
        prompt = parsed.generation.prompt
        ids = prompt + output.token_ids if parsed.echoes_prompt else output.token_ids
        yield "output_ids", np.array(ids, np.int32).reshape(1, 1, -1)
        yield "sequence_length", _count(len(ids))
        if parsed.returns_num_input_tokens or not self._sent_any:
            yield "num_input_tokens", _count(len(prompt))
        if parsed.returns_num_output_tokens:
            yield "num_output_tokens", _count(len(output.token_ids))
        if output.finish_reason:
            yield "finish_reason", np.array([[output.finish_reason.value.encode()]], np.object_)


def _count(number):
    return np.array([[number]], np.int32)
