"""One subscriber: its requests under way, and one response for each step that has news of them."""

import threading

import numpy as np

from executor import errors
from executor.request import Output
from executor.step_news import GOES_ON

from .delivery import explained
from .step_backlog import StepBacklog
from .step_tensors import step_tensors


class Subscription:
    """Thread-safe. To `LiveRequests` it is the generation of its request: `cancel()` is how it is lost.

    The engine's thread tells and ends steps, the dispatcher's sends (`empty()`), Triton's takes requests in. What is
    told between two ends of steps leaves together. While the window is closed, or the dispatcher busy, it waits in one
    backlog.
    """

    def __init__(self, line, window, max_backlog_tokens, announce, on_close):
        """`announce(self)` has `empty()` called soon, on the dispatcher's thread; `on_close(self)` is called once."""
        self.name = line.request_id
        self._line = line
        self._next_line = None
        self._window = window
        self._most = max_backlog_tokens
        self._announce = announce
        self._on_close = on_close
        self._lock = threading.Lock()
        self._requests = {}
        self._gathering = StepBacklog()
        self._waiting = StepBacklog()
        self._steps = 0
        self._acknowledged = 0
        self._cut = set()
        self._announced = False
        self._lost = False
        self._error = None
        self._closed = False

    # On Triton's thread.

    def renew(self, line, window):
        """Goes on over another request: Triton keeps the responses of one, sent or not, for as long as it lives."""
        with self._lock:
            if self._is_ending() or self._next_line:
                raise errors.invalid("subscribe", f"request id {self.name!r}", "one that is not about to change")
            self._next_line, self._window = line, window
        self._look()

    def take(self, requests):
        """Takes `SubscribedRequest`s in, all or none."""
        with self._lock:
            if self._is_ending():
                raise errors.unknown_subscription(self.name)
            by_handle = {request.handle: request for request in requests}
            if len(by_handle) < len(requests):
                raise errors.invalid("submissions", "a handle twice", "handles that are not in use")
            for handle in by_handle.keys() & self._requests.keys():
                raise errors.invalid("submissions", f"handle {handle}", "one that is not in use")
            self._requests.update(by_handle)

    def refuse(self, request, fault):
        """Tells at once why it was not taken by the engine."""
        with self._lock:
            self._put(self._waiting, request, Output(error=fault))
        self._look()

    def stop(self, handles):
        """Cancels those; an unknown handle is no error."""
        with self._lock:
            requests = [self._requests[handle] for handle in handles if handle in self._requests]
        for request in requests:
            request.cancel()

    def acknowledge(self, step):
        """Opens the window again: the client has read this response and those before it."""
        with self._lock:
            if not 0 <= step <= self._steps:
                raise errors.invalid("acknowledged", step, f"0 to {self._steps}, the number of the last step")
            self._acknowledged = max(self._acknowledged, step)
        self._look()

    # On any thread.

    def cancel(self):
        """It is lost, nobody hears it any more: all of its requests are cancelled, then it closes."""
        with self._lock:
            if self._lost:
                return
            self._lost = True
            self._waiting = StepBacklog()
            requests = list(self._requests.values())
        for request in requests:
            request.cancel()
        self._look()

    def end(self, error):
        """Takes nothing in any more and waits for no window; when its requests are done it closes with the error."""
        with self._lock:
            self._error = self._error or error
        self._look()

    # On the engine's thread.

    def hear(self, request, output):
        """News of one sequence."""
        with self._lock:
            self._put(self._gathering, request, output)

    def tell(self, news):
        """As a `Subscriber` of the engine."""
        with self._lock:
            done = () if news.ends is None else self._count_ends(news)
            if self._lost:
                return
            if self._cut:
                news = news.rows(~np.isin(news.handles, list(self._cut)))
            if len(news.handles):
                self._gathering.add_part(news)
            for request in done:
                if request.fault:
                    self._cut.discard(request.handle)
                    self._gathering.row(request, 0, comes_last=True).fail(request.fault)

    def step_ended(self):
        """Has what was told since the last time sent, or put behind what still waits."""
        if self._gathering:
            self._put_behind()
        if self._gathering or self._waiting or self._lost or self._error:
            self._look()

    def _put_behind(self):
        with self._lock:
            gathered, self._gathering = self._gathering, StepBacklog()
            if self._lost:
                return
            if self._waiting:
                self._waiting.join(gathered)
                too_long = self._waiting.longer_than(self._most)
            else:
                self._waiting, too_long = gathered, ()
            cut = [self._requests[handle] for handle in too_long if handle in self._requests]
            self._cut.update(request.handle for request in cut)
        for request in cut:
            request.cut(errors.backlog_full(self._most))

    # On the dispatcher's thread.

    def empty(self):
        """Sends what waits in one response, if the window is open; the last time, closes."""
        with self._lock:
            self._announced = False
            line, self._next_line = self._next_line, None
            backlog, self._waiting = (self._waiting, StepBacklog()) if self._may_send() else (None, self._waiting)
            self._steps += backlog is not None
            closes = not self._closed and self._is_over()
            self._closed = self._closed or closes
        if line:
            self._line.close()
            self._line = line
            self._send({})
        if backlog:
            self._send(step_tensors(self._steps, backlog))
        if closes:
            self._on_close(self)
            self._line.close(self._error)

    def _send(self, tensors):
        try:
            self._line.send(tensors)
        except Exception as fault:  # its client has missed news
            self.end(explained(fault))
            self.cancel()

    def _look(self):
        """Has `empty()` called if there is something to do for it."""
        with self._lock:
            if self._announced or self._closed or not (self._next_line or self._may_send() or self._is_over()):
                return
            self._announced = True
        self._announce(self)

    # With the lock.

    def _may_send(self):
        is_open = not self._window or self._steps - self._acknowledged < self._window or self._error
        return bool(self._waiting and is_open and not self._lost)

    def _is_ending(self):
        return self._lost or self._error is not None

    def _is_over(self):
        return self._is_ending() and not (self._requests or self._waiting or self._gathering)

    def _put(self, backlog, request, output):
        """The last news of a request that was cut are the reason, and there are no others."""
        if output.is_final:
            self._requests.pop(request.handle, None)
            self._cut.discard(request.handle)
        if self._lost or (request.fault and not output.is_final):
            return
        if request.fault:
            output = Output(error=request.fault)
        request.put(output, backlog)

    def _count_ends(self, news):
        """The requests that are done with these."""
        ended = [self._requests.get(handle) for handle in news.handles[news.ends != GOES_ON].tolist()]
        done = [request for request in ended if request and request.ends_with_one_more()]
        for request in done:
            del self._requests[request.handle]
        return done
