"""A stand-in for NVIDIA's C++ backend before TensorRT-LLM 1.1: its tensors and its habits, over our CPU engine.

Its config.pbtxt is the one that `bin/fill-config` fills (`backend=python tensor_names=old`). What the backend does
otherwise than our own model, and this does too:

- the inputs are called `random_seed` and `min_length`; no additive tensor is declared, so Triton refuses those
- no finish reason, no cached tokens; token counts only when asked for
- the list of log-probabilities grows from response to response, and has an entry for the end id, which has no token
- the end id comes as a final response without tokens
- every error is INTERNAL; clients have its text to go by
- without `enable_chunked_context` a prompt must fit into one step, `MAX_NUM_TOKENS` here
- the executor's queue takes as many as Triton's own, `default_queue_policy.max_queue_size`
- the default of `exclude_input_in_output` is a parameter; a stream never repeats the prompt
"""

import json
import sys
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tensorrt_llm" / "1"))

from executor import errors
from executor.engine import EngineLimits
from executor.engines import create_engine
from executor.request import FinishReason
from executor.request_parser import RequestParser, asks_to_stop
from executor.settings import Settings
from serving.delivery import Delivery, explained
from serving.gauges import Gauges
from serving.live_requests import LiveRequests
from serving.outbox import ResponseDispatcher
from serving.periodic import Periodic
from serving.responder import check_requested
from serving.triton_channel import TritonChannel, read_inputs

NAMES = {"random_seed": "seed", "min_length": "min_tokens"}
MAX_NUM_TOKENS = 448
SEQUENCES = 1  # at a time, so that a test can fill the engine and its queue


class InternalErrors(TritonChannel):
    """The backend knows no other code."""

    def send_error(self, error):
        super().send_error(errors.RequestError(str(error)))


class OneStepLimits(EngineLimits):
    """What a prompt must fit without chunked context."""

    @property
    def max_input_len(self):
        return min(super().max_input_len, MAX_NUM_TOKENS)


class StandInResponder:
    """The responses of one request, as the C++ backend makes them; used by one thread at a time."""

    def __init__(self, channel, parsed, requested):
        self.request_id = channel.request_id
        self._channel = channel
        self._parsed = parsed
        self._requested = requested
        self._log_probs = [[] for _ in range(parsed.generation.num_sequences)]

    def is_abandoned(self):
        return self._channel.is_cancelled()

    def respond(self, output):
        if output.error:
            self._channel.send_error(output.error)
            return
        tensors = dict(self._produced(output))
        wanted = {name: value for name, value in tensors.items() if not self._requested or name in self._requested}
        self._channel.send(wanted, final=output.is_final)

    def _produced(self, output):
        parsed, generation = self._parsed, self._parsed.generation
        ids = generation.prompt + output.token_ids if parsed.echoes_prompt else output.token_ids
        yield "output_ids", np.array(ids, np.int32).reshape(1, 1, -1)
        yield "sequence_length", _count(len(ids))
        if parsed.returns_num_input_tokens:
            yield "num_input_tokens", _count(len(generation.prompt))
        if parsed.returns_num_output_tokens:
            yield "num_output_tokens", _count(len(output.token_ids))
        if generation.num_sequences > 1:
            yield "sequence_index", _count(output.sequence_index)
        if generation.returns_log_probs:
            yield "output_log_probs", np.array(self._all_log_probs(output), np.float32).reshape(1, 1, -1)
            yield "cum_log_probs", np.array([[output.cum_log_prob]], np.float32)

    def _all_log_probs(self, output):
        so_far = self._log_probs[output.sequence_index]
        so_far.extend(each.chosen for each in output.log_probs)
        if output.finish_reason is FinishReason.STOP and not output.token_ids:
            return [*so_far, output.cum_log_prob - sum(so_far)]
        return so_far


class TritonPythonModel:
    """One instance a process; Triton calls its methods one at a time."""

    def initialize(self, args):
        config = json.loads(args["model_config"])
        parameters = {name: value["string_value"] for name, value in config["parameters"].items()}
        settings = Settings(
            max_seq_len=int(parameters["max_seq_len"]),
            vocab_size=int(parameters["vocab_size"]),
            max_batch_size=SEQUENCES,
            max_queue_size=config["dynamic_batching"]["default_queue_policy"]["max_queue_size"],
        )
        self._engine = create_engine(settings)
        limits = EngineLimits if parameters["enable_chunked_context"] == "true" else OneStepLimits
        excludes_input = parameters["exclude_input_in_output"] == "true"
        self._parser = RequestParser(limits(settings.max_seq_len, settings.vocab_size), excludes_input)
        self._dispatcher = ResponseDispatcher()
        self._live = LiveRequests()
        self._gauges = Gauges(args["model_name"], args["model_version"])
        self._publish_gauges()
        period = int(parameters["cancellation_check_period_ms"])
        self._periodics = [
            Periodic("cancellation", period, self._live.cancel_abandoned),
            Periodic("gauges", period, lambda: self._live.while_any_is_open(self._publish_gauges)),
        ]

    def execute(self, requests):
        for request in requests:
            self._take(request)

    def finalize(self):
        self._engine.close()
        self._dispatcher.close()
        for periodic in self._periodics:
            periodic.close()

    def _take(self, request):
        channel = InternalErrors(request)
        try:
            arrays = {NAMES.get(name, name): array for name, array in read_inputs(request).items()}
            if asks_to_stop(arrays):
                self._live.stop(channel.request_id)
                channel.send_empty_final()
            else:
                self._generate(request, arrays, channel)
        except Exception as fault:  # this client is told; the others go on
            channel.send_error(explained(fault))

    def _generate(self, request, arrays, channel):
        requested = request.requested_output_names()
        check_requested(requested)
        parsed = self._parser.parse(arrays)
        delivery = Delivery(self._live, StandInResponder(channel, parsed, requested), self._publish_gauges)
        outbox = self._dispatcher.outbox(delivery, parsed.streaming)
        delivery.start(partial(self._engine.submit, parsed.generation, outbox))

    def _publish_gauges(self):
        self._gauges.publish(self._engine.stats())


def _count(number):
    return np.array([[number]], np.int32)
