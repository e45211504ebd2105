"""Triton's entry: a decoupled model with TensorRT-LLM's tensors, over the engine that config.pbtxt names.

`execute` only takes requests in. Tokens are made on the engine's thread and leave on the dispatcher's, in responses of
their request or of the subscription that it came by; a third thread asks Triton which clients have gone, a fourth
publishes the gauges, both by the rule of `live_requests`.
"""

import json
import os
from functools import partial

from executor import errors
from executor.capabilities import check_told
from executor.engines import capabilities_of, create_engine
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
from serving.subscriptions import Subscriptions, is_about_subscriptions
from serving.succession import Succession
from serving.triton_channel import TritonChannel, read_inputs, read_parameters
from serving.unload_watch import UnloadWatch

CHECK_MS = 200
PARENT_CHECK_MS = 10  # until it is armed, a server that is killed may leave this process behind
HTTP_ADDRESS = "CONCH_TRITON_HTTP"


class TritonPythonModel:
    """One instance a process; Triton calls its methods one at a time."""

    def initialize(self, args):
        server = ServerProcess()
        configured = json.loads(args["model_config"])["parameters"]
        parameters = {name: value["string_value"] for name, value in configured.items()}
        settings = parse_settings(parameters)
        check_told(parameters, capabilities_of(settings))
        self._engine = create_engine(settings)
        self._parser = RequestParser(self._engine.limits, settings.exclude_input_in_output)
        self._dispatcher = ResponseDispatcher()
        self._live = LiveRequests()
        self._gauges = Gauges(args["model_name"], args["model_version"])
        self._publish_gauges()
        self._subscriptions = Subscriptions(
            self._engine,
            self._parser,
            self._live,
            self._dispatcher,
            settings.max_backlog_tokens,
            self._publish_gauges,
        )
        self._engine.on_step_end(self._subscriptions.step_ended)
        self._succession = Succession(server.id, args["model_instance_name"])
        self._shutdown, unload = self._watches(server, args["model_name"])
        self._periodics = [
            Periodic("cancellation", settings.cancellation_check_period_ms, self._live.cancel_abandoned),
            Periodic("gauges", settings.stats_check_period_ms, self._publish_gauges_while_open),
            Periodic("parent-death", PARENT_CHECK_MS, ParentDeath(server).watch),
            Periodic("shutdown", CHECK_MS, self._shutdown.watch),
            Periodic("unload", CHECK_MS, unload.watch),
        ]

    def execute(self, requests):
        self._shutdown.request_came()
        self._succession.request_came()
        for request in requests:
            self._take(request)

    def finalize(self):
        self._shutdown.unload_began()
        self._engine.close()
        self._dispatcher.close()
        for periodic in self._periodics:
            periodic.close()
        self._succession.close()

    def _watches(self, server, model):
        """Under `bin/serve`, which says where the server listens; elsewhere the exit timeout is what there is."""
        if HTTP_ADDRESS not in os.environ:
            return NoWatch(), NoWatch()
        host, _, port = os.environ[HTTP_ADDRESS].rpartition(":")
        return (
            ShutdownWatch(host, int(port), self._end, server.kill),
            UnloadWatch(
                host, int(port), model, self._succession, self._subscriptions.any_open, self._end_subscriptions
            ),
        )

    def _end(self):
        self._engine.close()
        self._end_subscriptions()

    def _end_subscriptions(self):
        self._subscriptions.end_all(errors.shutting_down())

    def _take(self, request):
        channel = TritonChannel(request)
        try:
            arrays = read_inputs(request)
            if is_about_subscriptions(arrays):
                check_request_type(read_parameters(request))
                self._subscriptions.handle(channel, arrays)
            elif asks_to_stop(arrays):
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
