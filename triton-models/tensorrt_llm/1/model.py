"""Triton's entry: a decoupled model with TensorRT-LLM's tensors, over the engine that config.pbtxt names.

`execute` only takes requests in. Tokens are made on the engine's thread and leave on the dispatcher's; a third thread
asks Triton which clients have gone, a fourth publishes the gauges, both by the rule of `live_requests`.
"""

import json
import os
from functools import partial

from executor import errors
from executor.engines import create_engine
from executor.request_parser import RequestParser, asks_to_stop, check_request_type
from executor.settings import parse_settings
from serving.delivery import Delivery, explained
from serving.gauges import Gauges
from serving.live_requests import LiveRequests
from serving.outbox import ResponseDispatcher
from serving.parent_death import ParentDeath
from serving.periodic import Periodic
from serving.responder import Responder, check_requested
from serving.server_process import ServerProcess
from serving.shutdown_watch import NoWatch, ShutdownWatch
from serving.triton_channel import TritonChannel, read_inputs, read_parameters

CHECK_MS = 200
PARENT_CHECK_MS = 10  # until it is armed, a server that is killed may leave this process behind
HTTP_ADDRESS = "CONCH_TRITON_HTTP"


class TritonPythonModel:
    """One instance a process; Triton calls its methods one at a time."""

    def initialize(self, args):
        server = ServerProcess()
        parameters = json.loads(args["model_config"])["parameters"]
        settings = parse_settings({name: value["string_value"] for name, value in parameters.items()})
        self._engine = create_engine(settings)
        self._parser = RequestParser(self._engine.limits, settings.exclude_input_in_output)
        self._dispatcher = ResponseDispatcher()
        self._live = LiveRequests()
        self._gauges = Gauges(args["model_name"], args["model_version"])
        self._publish_gauges()
        self._shutdown = self._watch_for_shutdown(server)
        self._periodics = [
            Periodic("cancellation", settings.cancellation_check_period_ms, self._live.cancel_abandoned),
            Periodic("gauges", settings.stats_check_period_ms, self._publish_gauges_while_open),
            Periodic("parent-death", PARENT_CHECK_MS, ParentDeath(server).watch),
            Periodic("shutdown", CHECK_MS, self._shutdown.watch),
        ]

    def execute(self, requests):
        self._shutdown.request_came()
        for request in requests:
            self._take(request)

    def finalize(self):
        self._shutdown.unload_began()
        self._engine.close()
        self._dispatcher.close()
        for periodic in self._periodics:
            periodic.close()

    def _watch_for_shutdown(self, server):
        """Under `bin/serve`, which says where the server listens; elsewhere the exit timeout is what there is."""
        if HTTP_ADDRESS not in os.environ:
            return NoWatch()
        host, _, port = os.environ[HTTP_ADDRESS].rpartition(":")
        return ShutdownWatch(host, int(port), self._engine.close, server.kill)

    def _take(self, request):
        channel = TritonChannel(request)
        try:
            arrays = read_inputs(request)
            if asks_to_stop(arrays):
                self._stop(channel)
            else:
                self._generate(request, arrays, channel)
        except Exception as fault:  # this client is told; the others go on
            channel.send_error(explained(fault))

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
        # The gauges before the final: whoever has read that shall see them without this request.
        delivery = Delivery(self._live, Responder(channel, parsed, requested), self._publish_gauges)
        outbox = self._dispatcher.outbox(delivery, parsed.streaming)
        delivery.start(partial(self._engine.submit, parsed.generation, outbox))

    def _publish_gauges_while_open(self):
        self._live.while_any_is_open(self._publish_gauges)

    def _publish_gauges(self):
        self._gauges.publish(self._engine.stats())
