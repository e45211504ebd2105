"""Triton's entry: a decoupled model with TensorRT-LLM's tensors, over the engine that config.pbtxt names.

`execute` only takes requests in. Tokens are made on the engine's thread and leave on the dispatcher's; a third thread
asks Triton which clients have gone, a fourth publishes the gauges.
"""

import json
import sys
import traceback

from executor import errors
from executor.engines import create_engine
from executor.request_parser import RequestParser, asks_to_stop, check_request_type
from executor.settings import parse_settings
from serving.gauges import Gauges
from serving.live_requests import LiveRequests
from serving.outbox import ResponseDispatcher
from serving.periodic import Periodic
from serving.responder import Responder, check_requested
from serving.triton_channel import TritonChannel, read_inputs, read_parameters


class TritonPythonModel:
    """One instance a process; Triton calls its methods one at a time."""

    def initialize(self, args):
        parameters = json.loads(args["model_config"])["parameters"]
        settings = parse_settings({name: value["string_value"] for name, value in parameters.items()})
        self._engine = create_engine(settings)
        self._parser = RequestParser(self._engine.limits, settings.exclude_input_in_output)
        self._dispatcher = ResponseDispatcher()
        self._live = LiveRequests()
        gauges = Gauges(args["model_name"], args["model_version"])
        gauges.publish(self._engine.stats())
        self._periodics = [
            Periodic("cancellation", settings.cancellation_check_period_ms, self._live.cancel_abandoned),
            Periodic("gauges", settings.stats_check_period_ms, lambda: gauges.publish(self._engine.stats())),
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
        channel = TritonChannel(request)
        try:
            arrays = read_inputs(request)
            if asks_to_stop(arrays):
                self._stop(channel)
            else:
                self._generate(request, arrays, channel)
        except errors.RequestError as error:
            channel.send_error(error)
        except Exception as fault:  # a fault of ours, told to this client and to the log; the others go on
            traceback.print_exc(file=sys.stderr)
            channel.send_error(errors.engine_failed(fault))

    def _stop(self, channel):
        if not channel.request_id:
            raise errors.stop_without_id()
        self._live.stop(channel.request_id)
        channel.send_empty_final()

    def _generate(self, request, arrays, channel):
        requested = request.requested_output_names()
        check_requested(requested)
        check_request_type(read_parameters(request))
        parsed = self._parser.parse(arrays)
        responder = Responder(channel, parsed, requested)
        outbox = self._dispatcher.outbox(lambda output: self._respond(responder, output), parsed.streaming)
        self._live.add(responder, self._engine.submit(parsed.generation, outbox))
        if responder.has_ended():
            self._live.discard(responder)

    def _respond(self, responder, output):
        if responder.respond(output):
            self._live.discard(responder)
