"""The request over which the news of a subscription leave, by the rule of `live_requests`."""

import sys
import traceback


class Line:
    """Opened on Triton's thread; used by the dispatcher's from then on. Nobody else asks Triton about it."""

    def __init__(self, channel, live, before_final):
        self.request_id = channel.request_id
        self._channel = channel
        self._live = live
        self._before_final = before_final

    def is_abandoned(self):
        """Whether the client has cancelled; only to be asked while it is open."""
        return self._channel.is_cancelled()

    def open(self, subscription):
        """Begins one, and says so."""
        self.join(subscription, lambda: self.send({}))

    def join(self, subscription, action):
        """Carries it from now on, unless the action fails."""
        self._live.open(self)
        try:
            action()
        except Exception:
            self._live.forget(self)
            raise
        self._live.started(self, subscription)

    def send(self, tensors):
        self._channel.send(tensors, final=False)

    def close(self, error=None):
        """Frees the request at Triton; whatever fails, it is gone."""
        self._live.close(self, lambda: self._send_final(error))

    def _send_final(self, error):
        try:
            self._before_final()
        except Exception:
            traceback.print_exc(file=sys.stderr)
        if error:
            self._channel.send_error(error)
        else:
            self._channel.send_empty_final()
