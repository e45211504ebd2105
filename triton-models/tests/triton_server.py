"""A real tritonserver on free ports, and a client that speaks in arrays and waits for responses."""

import http.client
import os
import queue
import re
import socket
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import tritonclient.grpc as grpc
from grpc import insecure_channel
from tritonclient.grpc import service_pb2, service_pb2_grpc

from executor.tensors import INPUT_BY_NAME, NUMPY_TYPES
from layout import RUNS

ROOM = Path(__file__).resolve().parent.parent
MODEL = "tensorrt_llm"
START_SECONDS = 180
ANSWER_SECONDS = 180


def await_that(condition, seconds=60):
    """Polls until `condition()` is true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class TritonServer:
    """`bin/serve` with parameters of its own; `stop()` ends it.

    In the folder `packages` Python looks first: the launcher's by its path, Triton's stub, which has none, because it
    is the working directory.
    """

    def __init__(self, log, packages=ROOM, **settings):
        self.grpc_port, self.http_port, self.metrics_port = free_ports(3)
        command = [ROOM / "bin" / "serve", *self._ports()]
        command += [argument for name, value in settings.items() for argument in ("--set", f"{name}={value}")]
        self.log = log
        with open(log, "wb") as output:
            environment = {**os.environ, "PYTHONPATH": str(packages)}
            self.process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, cwd=packages, env=environment
            )

    def start(self):
        await_that(lambda: self.process.poll() is not None or self._is_ready(), START_SECONDS)
        assert self.process.poll() is None, self.log.read_text()
        return self

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)

    def connect(self):
        return Connection(self.address())

    def connect_unread(self):
        return UnreadConnection(self.address())

    def requests(self, kind):
        """The gauge of `nv_trt_llm_request_metrics` with this `request_type`."""
        return self.gauge("nv_trt_llm_request_metrics", "request_type", kind)

    def gauge(self, family, label, kind):
        line = re.search(rf'^{family}{{[^}}]*\b{label}="{kind}"[^}}]*}} (\S+)$', self.metrics(), re.MULTILINE)
        return float(line[1])

    def iterations(self):
        """Steps of the engine so far."""
        return self.gauge("nv_trt_llm_general_metrics", "general_type", "iteration_counter")

    def metrics(self):
        return self._get(self.metrics_port, "/metrics")[1]

    def stub(self):
        """The process id of the model's Python stub, the one process that the server starts.

        The kernel lists it with the thread that started it, and with the main thread only once that one has ended.
        """
        await_that(lambda: len(self._children()) == 1)
        [stub] = self._children()
        return stub

    def _children(self):
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()

    def change(self, name, value):
        """Gives a parameter of the model another value, for the next load: one of what has not changed does nothing."""
        configuration = RUNS / str(self.grpc_port) / MODEL / "config.pbtxt"
        text, changes = re.subn(
            rf'(key: "{name}" value {{ string_value: )"[^"]*"', rf'\1"{value}"', configuration.read_text()
        )
        assert changes == 1
        configuration.write_text(text)

    def address(self):
        return f"127.0.0.1:{self.grpc_port}"

    def _ports(self):
        pairs = (
            ("--grpc-port", self.grpc_port),
            ("--http-port", self.http_port),
            ("--metrics-port", self.metrics_port),
        )
        return [str(part) for pair in pairs for part in pair]

    def _is_ready(self):
        """The port of the metrics opens last."""
        try:
            return self._get(self.http_port, "/v2/health/ready")[0] == 200 and bool(self.metrics())
        except OSError:
            return False

    def _get(self, port, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


class Connection:
    """One stream RPC and what came over it. Use as a context manager.

    Leaving cancels the stream only while a request of it is open. On tritonserver 2.51 a cancellation that crosses a
    final response leaves the request behind in the server, and its model can never be unloaded again.
    """

    def __init__(self, address):
        self._client = grpc.InferenceServerClient(address)
        self._arrived = queue.Queue()
        self._open = 0
        self._client.start_stream(lambda result, error: self._arrived.put((result, error)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._client.stop_stream(cancel_requests=self._open > 0)
        self._client.close()

    def send(self, request_id="", outputs=None, parameters=None, **arrays):
        """Sends one request of raw arrays, as they are."""
        self._open += 1
        self._client.async_stream_infer(
            MODEL,
            [_input(name, array) for name, array in arrays.items()],
            request_id=request_id,
            outputs=outputs and [grpc.InferRequestedOutput(name) for name in outputs],
            parameters=parameters,
            enable_empty_final_response=True,
        )

    def generate(self, prompt, tokens, request_id="", outputs=None, parameters=None, **values):
        """Sends a request of one sequence; scalars may be given as such."""
        self.send(request_id, outputs, parameters, **arrays_of(prompt, tokens, values))

    def next(self):
        """The next response."""
        response = Response(*self._arrived.get(timeout=ANSWER_SECONDS))
        self._open -= response.is_final
        return response

    def rest(self):
        """All responses up to the final one of one request."""
        responses = [self.next()]
        while not responses[-1].is_final:
            responses.append(self.next())
        return responses

    def ask(self, prompt, tokens, **values):
        """Sends a request and answers with all its responses."""
        self.generate(prompt, tokens, **values)
        return self.rest()

    def unload(self):
        self._client.unload_model(MODEL)

    def load(self):
        self._client.load_model(MODEL)

    def metadata(self):
        return self._client.get_model_metadata(MODEL)

    def config(self):
        return self._client.get_model_config(MODEL).config


class UnreadConnection:
    """One stream RPC whose client takes nothing from the wire, as small a window as it has, until `rest()`.

    Use as a context manager.
    """

    WINDOW = (("grpc.http2.lookahead_bytes", 1024), ("grpc.http2.bdp_probe", 0))

    def __init__(self, address):
        self._channel = insecure_channel(address, options=self.WINDOW)
        self._stub = service_pb2_grpc.GRPCInferenceServiceStub(self._channel)
        self._stream = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._channel.close()

    def generate(self, prompt, tokens, **values):
        self._stream = self._stub.ModelStreamInfer(iter([request_of(arrays_of(prompt, tokens, values))]))

    def rest(self):
        """All responses there are."""
        results = (message.infer_response for message in self._stream)
        return [Response(grpc.InferResult(result), None) for result in results]


class Response:
    """One message of a stream."""

    def __init__(self, result, error):
        self.error = error.message() if error else None
        self._result = result
        self._message = None if error else result.get_response()

    @property
    def is_final(self):
        return self.error is not None or self._message.parameters["triton_final_response"].bool_param

    @property
    def request_id(self):
        return self._message.id

    @property
    def outputs(self):
        return [output.name for output in self._message.outputs]

    @property
    def ids(self):
        return self.array("output_ids").reshape(-1).tolist()

    @property
    def finish_reason(self):
        return self.array("finish_reason").item().decode()

    def array(self, name):
        return self._result.as_numpy(name)

    def number(self, name):
        return self.array(name).item()


def ids_of(responses):
    return [token for response in responses for token in response.ids]


def shaped(name, value):
    """A value in the wire shape of its tensor, batch of one."""
    tensor = INPUT_BY_NAME[name]
    array = np.asarray(value, NUMPY_TYPES[tensor.datatype])
    return array.reshape(1, 1) if array.ndim == 0 else array[None]


def arrays_of(prompt, tokens, values):
    """The tensors of a request of one sequence."""
    prompt = np.array([prompt], np.int32)
    required = {
        "input_ids": prompt,
        "input_lengths": shaped("input_lengths", prompt.size),
        "request_output_len": shaped("request_output_len", tokens),
    }
    return {**required, **{name: shaped(name, value) for name, value in values.items()}}


def _input(name, array):
    tensor = grpc.InferInput(name, list(array.shape), datatype_of(array))
    tensor.set_data_from_numpy(array)
    return tensor


def request_of(arrays, request_id="", wants_empty_final=False):
    """The message itself, for a stream that tritonclient does not read."""
    request = service_pb2.ModelInferRequest(model_name=MODEL, id=request_id)
    if wants_empty_final:
        request.parameters["triton_enable_empty_final_response"].bool_param = True
    for name, array in arrays.items():
        request.inputs.add(name=name, datatype=datatype_of(array), shape=array.shape)
        request.raw_input_contents.append(contents_of(array))
    return request


def contents_of(array):
    """As the wire has them."""
    if array.dtype != np.object_:
        return array.tobytes()
    return b"".join(struct.pack("<I", len(text)) + text for text in array.reshape(-1))


def datatype_of(array):
    names = {"bool": "BOOL", "float16": "FP16", "float32": "FP32", "object": "BYTES"}
    return names.get(array.dtype.name, array.dtype.name.upper())
