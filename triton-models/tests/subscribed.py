"""A subscriber without Triton, who is told of steps when the test says so."""

import numpy as np

from executor.request_parser import RequestParser
from executor.step_news import StepNews
from fakes import FakeEngine, RecordingChannel
from serving.live_requests import LiveRequests
from serving.subscriptions import Subscriptions
from subscriber import submission
from triton_server import shaped

MAX_BACKLOG_TOKENS = 5


class Deliveries:
    """A dispatcher that delivers when it is told to."""

    def __init__(self):
        self._announced = []

    def announce(self, outbox):
        self._announced.append(outbox)

    def deliver(self):
        while self._announced:
            self._announced.pop(0).empty()

    def mark(self):
        return lambda _: self.deliver()


class Channel(RecordingChannel):
    """A client's end whose connection the test can break; answers are lists by name."""

    broken = False

    def send(self, tensors, final):
        if self.broken and tensors:
            raise OSError("no shared memory")
        super().send({name: array.reshape(-1).tolist() for name, array in tensors.items()}, final)

    def steps(self):
        return [answer for answer, _ in self.sent[1:]]

    def error(self):
        error, final = self.sent[-1]
        assert final
        return str(error)


class Subscribed:
    """One subscriber, its model's serving side, and the engine behind it."""

    def __init__(self, engine=None, **values):
        self.engine = engine or FakeEngine()
        self.live = LiveRequests()
        self.deliveries = Deliveries()
        self.finals = []
        self.subscriptions = Subscriptions(
            self.engine,
            RequestParser(self.engine.limits, True),
            self.live,
            self.deliveries,
            MAX_BACKLOG_TOKENS,
            lambda: self.finals.append("gauges"),
        )
        self.channel = self.subscribe(**values)

    def subscribe(self, name="s", **values):
        channel = Channel(name)
        tensors = {key: shaped(key, [value]) for key, value in {"subscribe": True, **values}.items()}
        self.subscriptions.handle(channel, tensors)
        return channel

    def ask(self, name="s", **arrays):
        channel = Channel("about")
        self.subscriptions.handle(channel, {"subscription": shaped("subscription", [name.encode()]), **arrays})
        assert channel.sent == [({}, True)]

    def submit(self, *handles, tokens=9, **values):
        texts = [submission(handle, [1, 2], tokens, **values) for handle in handles]
        self.ask(submissions=np.array([texts], np.object_))

    def generate(self, *handles, **values):
        """The generations behind new requests."""
        before = len(self.engine.taken)
        self.submit(*handles, **values)
        return self.engine.taken[before:]

    def step(self):
        """Ends a step and delivers it."""
        self.subscriptions.step_ended()
        self.deliveries.deliver()

    def acknowledge(self, step):
        self.ask(acknowledged=shaped("acknowledged", [step]))
        self.deliveries.deliver()

    def is_open(self):
        calls = []
        self.live.while_any_is_open(lambda: calls.append("open"))
        return bool(calls)

    def parts(self, *rows, ends=None):
        """News in arrays; rows are a handle and its tokens."""
        subscriber = self.engine.taken[0].tell.subscriber
        subscriber.tell(news(*rows, ends=ends))


def news(*rows, ends=None, sequences=None):
    return StepNews(
        np.array([handle for handle, *_ in rows], np.uint64),
        np.array([len(ids) for _, *ids in rows], np.int32),
        np.array([token for _, *ids in rows for token in ids], np.int32),
        None if sequences is None else np.array(sequences, np.int32),
        None if ends is None else np.array(ends, np.uint8),
    )
