"""A subscriber of a real tritonserver, by docs/adr/0008: opens, submits, and tells the news of each request apart."""

import json
import struct
import uuid

import numpy as np

from triton_server import Connection, arrays_of, contents_of, datatype_of, shaped

GOES_ON, STOP, LENGTH, CANCELLED, REFUSED, FAILED = range(6)
NONE = {name: shaped(name, 0) for name in ("input_lengths", "request_output_len")}


def submission(handle, prompt, tokens, **values):
    """One request in bytes; it streams unless told."""
    return packed(handle, arrays_of(prompt, tokens, {"streaming": True, **values}))


def packed(handle, arrays):
    inputs = [[name, datatype_of(array), list(array.shape)] for name, array in arrays.items()]
    header = json.dumps({"handle": handle, "inputs": inputs}).encode()
    return struct.pack("<I", len(header)) + header + b"".join(map(contents_of, arrays.values()))


class News:
    """What came of one sequence."""

    def __init__(self):
        self.ids = []
        self.counts = []
        self.end = GOES_ON
        self.error = None
        self.cached_tokens = []
        self.log_probs = []
        self.top_ids = []
        self.top_log_probs = []


class Subscriber:
    """One subscription over a stream of its own, with another one for all else. Use as a context manager.

    `news[handle, sequence]` is what came so far, in the order of steps, which may come out of it after `renew()`.
    """

    def __init__(self, address, window=None):
        self.name = str(uuid.uuid4())
        self.steps = 0
        self.news = {}
        self.error = None
        self.connection = Connection(address)
        self._values = {} if window is None else {"window": shaped("window", [window])}
        self._asking = Connection(address)
        self._asked = {}
        self._early = {}
        self._subscribe()
        first = self.connection.next()
        assert first.error is None, first.error
        assert (first.is_final, first.outputs, first.request_id) == (False, [], self.name)

    def _subscribe(self):
        self.connection.send(self.name, subscribe=shaped("subscribe", [True]), **self._values, **NONE)

    def renew(self):
        """Goes on over another request; reads until the older one has ended and the newer one is there."""
        self._subscribe()
        turns = []
        while sorted(turns) != [False, True]:
            response = self.connection.next()
            if response.outputs:
                self._take(response)
            else:
                assert response.error is None, response.error
                turns.append(response.is_final)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._asking.__exit__()
        self.connection.__exit__()

    def submit(self, *submissions):
        """Its error, None if they were taken."""
        return self.ask(submissions=np.array([submissions], np.object_))

    def generate(self, handle, prompt, tokens, **values):
        self._asked[handle] = values
        assert self.submit(submission(handle, prompt, tokens, **values)) is None
        return handle

    def stop(self, *handles):
        return self.ask(stop=shaped("stop", True), handles=shaped("handles", handles))

    def acknowledge(self, step):
        return self.ask(acknowledged=shaped("acknowledged", [step]))

    def ask(self, subscription=None, **arrays):
        """Sends a request about this subscription and gives the error of its answer; steps may come before that."""
        name = shaped("subscription", [(subscription or self.name).encode()])
        self._asking.send(subscription=name, **arrays, **NONE)
        answer = self._asking.next()
        assert answer.is_final
        return answer.error

    def read(self):
        """Takes in the next response: a step, or the error that is the end of it all."""
        response = self.connection.next()
        if response.error is None:
            self._take(response)
        else:
            self.error = response.error

    def await_end(self, *handles, sequences=1):
        """Reads until those have ended."""
        while not all(self._has_ended(handle, sequences) for handle in handles):
            self.read()

    def await_tokens(self, handle, count):
        while len(self.of(handle).ids) < count:
            self.read()

    def of(self, handle, sequence=0):
        return self.news.setdefault((handle, sequence), News())

    def _has_ended(self, handle, sequences):
        ends = [self.of(handle, sequence).end for sequence in range(sequences)]
        return all(ends) or any(end >= REFUSED for end in ends)

    def _take(self, response):
        self._early[response.number("step")] = response
        while self.steps + 1 in self._early:
            self.steps += 1
            self._read_step(Step(self._early.pop(self.steps)))

    def _read_step(self, step):
        for handle, sequence, count, end, cached in step.rows():
            news = self.of(handle, sequence)
            assert news.end == GOES_ON, f"{handle} had ended"
            news.ids += step.take(step.ids, count)
            news.counts.append(count)
            news.end = end
            news.cached_tokens += [cached] if cached >= 0 else []
            news.error = step.take(step.errors, 1)[0].decode() if end >= REFUSED else None
            asked = self._asked.get(handle, {})
            news.log_probs += step.take(step.log_probs, count if asked.get("return_log_probs") else 0)
            news.top_ids += step.take(step.top_ids, count * asked.get("num_logprobs", 0))
            news.top_log_probs += step.take(step.top_log_probs, count * asked.get("num_logprobs", 0))
        assert not step.left()


class Step:
    """The tensors of one step, to be taken in the order of its rows."""

    def __init__(self, response):
        self._response = response
        self.handles = self._list("step_handles")
        self.ids = self._list("step_ids")
        self.errors = self._list("step_errors")
        self.log_probs = self._list("step_log_probs")
        self.top_ids = self._list("step_top_ids")
        self.top_log_probs = self._list("step_top_log_probs")

    def rows(self):
        count = len(self.handles)
        return zip(
            self.handles,
            self._list("step_sequences") or [0] * count,
            self._list("step_counts"),
            self._list("step_ends") or [GOES_ON] * count,
            self._list("step_cached_tokens") or [-1] * count,
            strict=True,
        )

    def take(self, values, count):
        taken = values[:count]
        del values[:count]
        return taken

    def left(self):
        """What belongs to no row."""
        return [*self.ids, *self.errors, *self.log_probs, *self.top_ids, *self.top_log_probs]

    def _list(self, name):
        return self._response.array(name).reshape(-1).tolist() if name in self._response.outputs else []
