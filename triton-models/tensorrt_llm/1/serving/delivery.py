"""The way of one request's news to its client: whatever fails on it, the client is told, and told once."""

import sys
import traceback

from executor import errors
from executor.request import Output


def explained(fault):
    """What a client is told of a fault; one of ours goes to the log as well."""
    if isinstance(fault, errors.RequestError):
        return fault
    traceback.print_exception(fault, file=sys.stderr)
    return errors.engine_failed(fault)


class Delivery:
    """Opens one request, brings its news to its `responder` and closes it with the last piece.

    A response that cannot be sent ends the request: its generation is cancelled, what it still produces is dropped, and
    the final response is the error. `before_final()` is called while the request is still open; if it fails, the client
    is no worse off. `start` is called on Triton's thread, the news come on the dispatcher's.
    """

    def __init__(self, live, responder, before_final):
        self._live = live
        self._responder = responder
        self._before_final = before_final
        self._error = None

    def start(self, submit):
        """`submit()` gives the generation; if it raises, the request is closed with the error."""
        self._live.open(self._responder)
        try:
            self._live.started(self._responder, submit())
        except Exception as fault:
            self._close(Output(error=explained(fault)))

    def __call__(self, output):
        if output.is_final:
            self._close(Output(error=self._error) if self._error else output)
        elif self._error is None:
            self._respond(output)
        else:  # once more: the first time it may not have been known to have started
            self._live.cancel(self._responder)

    def _respond(self, output):
        try:
            self._responder.respond(output)
        except Exception as fault:
            self._error = explained(fault)
            self._live.cancel(self._responder)

    def _close(self, output):
        self._live.close(self._responder, lambda: self._respond_last(output))

    def _respond_last(self, output):
        try:
            self._before_final()
        except Exception:
            traceback.print_exc(file=sys.stderr)
        try:
            self._responder.respond(output)
        except Exception as fault:
            self._responder.respond(Output(error=explained(fault)))
