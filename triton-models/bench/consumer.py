"""Clients that cost little: bytes from gRPC, decoded by protobuf's C code and numpy, nothing made for a token."""

import queue
import time

import grpc
import numpy as np
from tritonclient.grpc import service_pb2

from subscriber import NONE, submission
from triton_server import arrays_of, request_of, shaped

METHOD = "/inference.GRPCInferenceService/ModelStreamInfer"
LIMITS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
ENDLESS = 2**29
PROMPT = [1, 2, 3]
VOCABULARY = 2**31 - 1
RENEWED_AFTER = 256


class Stream:
    """One ModelStreamInfer call, in messages of protobuf. Use as a context manager; leaving cancels it."""

    def __init__(self, address, request_id="bench"):
        self._channel = grpc.insecure_channel(address, options=LIMITS)
        self._request_id = request_id
        self._requests = queue.SimpleQueue()
        call = self._channel.stream_stream(
            METHOD, request_serializer=lambda request: request.SerializeToString(), response_deserializer=None
        )
        self.responses = call(iter(self._requests.get, None))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.responses.cancel()
        self._channel.close()

    def send(self, **arrays):
        self._requests.put(request_of(arrays, request_id=self._request_id, wants_empty_final=True))

    def next(self):
        message = service_pb2.ModelStreamInferResponse.FromString(next(self.responses))
        assert not message.error_message, message.error_message
        return message.infer_response


class Counts:
    """Tokens by handle and the ages of steps (microseconds) when their responses came."""

    def __init__(self, streams):
        self.tokens = np.zeros(streams, np.int64)
        self.ages = []
        self.responses = 0

    def add(self, handles, counts, ids):
        self.tokens[handles] += counts
        self.ages.append(time.monotonic_ns() // 1000 % VOCABULARY - int(ids[0]))
        self.responses += 1


def total(several):
    """Of several clients that counted at the same time."""
    several = list(several)
    whole = Counts(0)
    whole.tokens = np.concatenate([counts.tokens for counts in several])
    whole.ages = [age for counts in several for age in counts.ages]
    whole.responses = sum(counts.responses for counts in several)
    return whole


def subscribe(address, streams, name="bench"):
    """A stream over which the news of so many endless requests come."""
    stream = Stream(address, name)
    stream.send(subscribe=shaped("subscribe", [True]), **NONE)
    stream.next()
    requests = [submission(handle, PROMPT, ENDLESS) for handle in range(streams)]
    with Stream(address) as submitting:
        submitting.send(
            subscription=shaped("subscription", [name.encode()]), submissions=np.array([requests], np.object_), **NONE
        )
        submitting.next()
    return stream


def count_steps(stream, seconds, streams):
    """What a subscription brings in that time; it is renewed as often as the ADR says."""
    counts = Counts(streams)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        response = stream.next()
        if not response.outputs:
            continue
        counts.add(
            column(response, "step_handles", np.int64),
            column(response, "step_counts", np.int32),
            column(response, "step_ids", np.int32),
        )
        if counts.responses % RENEWED_AFTER == 0:
            stream.send(subscribe=shaped("subscribe", [True]), **NONE)
    return counts


def read_on(address, streams):
    """What `streams` requests of a subscription bring, until this process is killed."""
    with subscribe(address, streams) as stream:
        while True:
            count_steps(stream, 1, streams)


def column(response, name, kind):
    """An output as an array; empty if the response has none of that name."""
    for output, content in zip(response.outputs, response.raw_output_contents, strict=True):
        if output.name == name:
            return np.frombuffer(content, kind)
    return np.empty(0, kind)


def request_each(address, streams):
    """A stream with so many endless requests of its own."""
    stream = Stream(address)
    for _ in range(streams):
        stream.send(**arrays_of(PROMPT, ENDLESS, {"streaming": True}))
    return stream


def count_responses(stream, seconds):
    """What single requests bring in that time; all of it is counted as one."""
    counts = Counts(1)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        response = stream.next()
        ids = np.frombuffer(response.raw_output_contents[0], np.int32)
        counts.add([0], len(ids), ids)
    return counts
