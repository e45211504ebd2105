"""The subscriptions there are, and the requests about them (docs/adr/0008)."""

from functools import partial

from executor import errors
from executor.request_parser import asks_to_stop
from executor.tensors import SUBSCRIPTION_INPUTS

from .delivery import explained
from .line import Line
from .submissions import read_submission
from .subscribed_request import SubscribedRequest
from .subscription import Subscription

NAMES = frozenset(tensor.name for tensor in SUBSCRIPTION_INPUTS)
REQUIRED_OF_ALL = frozenset({"input_lengths", "request_output_len"})


def is_about_subscriptions(arrays):
    """Whether this request is not one for tokens by itself."""
    return not NAMES.isdisjoint(arrays)


class Subscriptions:
    """`handle` is called on Triton's thread, `step_ended` on the engine's, `end_all` on any."""

    def __init__(self, engine, parser, live, dispatcher, max_backlog_tokens, before_final):
        self._engine = engine
        self._parser = parser
        self._live = live
        self._dispatcher = dispatcher
        self._most = max_backlog_tokens
        self._before_final = before_final
        self._open = {}
        self._ending = None
        self._actions = {"submissions": self._submit, "handles": self._stop, "acknowledged": self._acknowledge}

    def handle(self, channel, arrays):
        """Does what the request asks for and answers it; raises `RequestError`."""
        if "subscribe" in arrays:
            self._subscribe(channel, arrays)
            return
        subscription = self._named(arrays)
        [kind, *others] = [name for name in self._actions if name in arrays] or ["submissions"]
        _only(arrays, "subscription", kind, *(["stop"] if kind == "handles" else []))
        if others or kind not in arrays or (kind == "handles" and not asks_to_stop(arrays)):
            raise errors.invalid("subscription", "", "beside submissions, or stop and handles, or acknowledged")
        self._actions[kind](subscription, arrays[kind])
        channel.send_empty_final()

    def step_ended(self):
        """The engine's callback."""
        for subscription in tuple(self._open.values()):
            subscription.step_ended()
        return self._dispatcher.mark

    def end_all(self, error):
        """Ends each with the error when its requests are done; no other begins."""
        self._ending = error
        for subscription in tuple(self._open.values()):
            subscription.end(error)

    def any_open(self):
        return bool(self._open)

    def _subscribe(self, channel, arrays):
        _only(arrays, "subscribe", "window")
        if not channel.request_id:
            raise errors.invalid("subscribe", "without a request id", "its name")
        if not arrays["subscribe"].item():
            raise errors.invalid("subscribe", False, "true or absent")
        window = arrays["window"].item() if "window" in arrays else 0
        if window < 0:
            raise errors.invalid("window", window, "0 or more")
        if self._ending:
            raise self._ending
        line = Line(channel, self._live, self._before_final)
        renewed = self._open.get(channel.request_id)
        if renewed:
            line.join(renewed, partial(renewed.renew, line, window))
        else:
            self._begin(line, window)

    def _begin(self, line, window):
        """From the first response on it is found."""
        subscription = Subscription(line, window, self._most, self._dispatcher.announce, self._forget)
        line.open(subscription)
        self._open[subscription.name] = subscription
        if self._ending:
            subscription.end(self._ending)

    def _forget(self, subscription):
        del self._open[subscription.name]

    def _named(self, arrays):
        name = arrays["subscription"].item().decode(errors="replace") if "subscription" in arrays else ""
        if name not in self._open:
            raise errors.unknown_subscription(name)
        return self._open[name]

    def _submit(self, subscription, texts):
        """Takes all of them; those that are at fault by themselves end with their errors."""
        submissions = [read_submission(number, text) for number, text in enumerate(texts.reshape(-1).tolist())]
        requests = [self._request(subscription, submission) for submission in submissions]
        subscription.take([request for request, _ in requests])
        for request, submit in requests:
            request.start(partial(submit, request))

    def _request(self, subscription, submission):
        """A request, and what gives its generation or raises why there is none."""
        try:
            parsed = self._parse(submission.arrays())
        except Exception as fault:
            return SubscribedRequest(subscription, submission.handle), partial(_refuse, explained(fault))
        generation = parsed.generation
        request = SubscribedRequest(subscription, submission.handle, generation, parsed.streaming)
        return request, partial(self._engine.submit, generation)

    def _parse(self, arrays):
        """What would come in tensors that a step does not have is refused."""
        if asks_to_stop(arrays):
            raise errors.invalid("stop", True, "absent or false in a submission")
        parsed = self._parser.parse(arrays)
        if parsed.echoes_prompt and "exclude_input_in_output" in arrays:
            raise errors.invalid("exclude_input_in_output", False, "absent or true in a submission")
        for name in ("return_num_input_tokens", "return_num_output_tokens"):
            if getattr(parsed, name.replace("return", "returns")):
                raise errors.invalid(name, True, "absent or false in a submission")
        return parsed

    def _stop(self, subscription, handles):
        subscription.stop(handles.reshape(-1).tolist())

    def _acknowledge(self, subscription, step):
        subscription.acknowledge(step.item())


def _refuse(fault, _):
    raise fault


def _only(arrays, *names):
    """Whether nothing else is said, as nothing else would be heard."""
    for name in arrays:
        if name not in names and name not in REQUIRED_OF_ALL:
            raise errors.invalid(name, "present", f"absent beside {names[0]}")
