"""The requests that Triton still waits for, and the one rule for calling Triton from a background thread.

While a request is open, Triton answers what its model asks. From the final response on it may forget the request, and
after the last open one it may unload the model: a question asked then is never answered, and Triton's Python stub waits
for the answer with the interpreter lock held. So whatever a background thread asks Triton, it asks here: under a lock
that also covers every final response, and only while there is an open request.
"""

import threading
from math import ceil

ASKED_AT_ONCE = 16
TURNS_OF_A_ROUND = 20


class LiveRequests:
    """Thread-safe. Several requests may be open with one id; `stop` then ends them all, as TensorRT-LLM says."""

    def __init__(self):
        self._lock = threading.Lock()
        self._live = {}
        self._round = []
        self._share = ASKED_AT_ONCE

    def open(self, responder):
        with self._lock:
            self._live[responder] = None

    def started(self, responder, generation):
        """From now on it can be cancelled."""
        with self._lock:
            if responder in self._live:
                self._live[responder] = generation

    def forget(self, responder):
        """It is not open after all: whoever opened it answers the request."""
        with self._lock:
            del self._live[responder]

    def close(self, responder, send_final):
        """Sends the final response; the request is gone then."""
        with self._lock:
            try:
                send_final()
            finally:
                del self._live[responder]

    def while_any_is_open(self, action):
        with self._lock:
            if self._live:
                action()

    def cancel(self, responder):
        """Ends this one, if it is known to have started."""
        self._cancel_if(lambda each: each is responder)

    def stop(self, request_id):
        """Ends every request with this id; an unknown id is no error."""
        self._cancel_if(lambda responder: responder.request_id == request_id)

    def cancel_abandoned(self):
        """Asks Triton whose client has cancelled or is gone, and ends those. For one thread, again and again.

        An answer costs a tenth of a millisecond and more, and each request needs its own. So of many each call asks a
        share: the requests that are open when a round begins have all been asked after `TURNS_OF_A_ROUND` calls, and up
        to `ASKED_AT_ONCE` of them after each. The lock is free between two questions.
        """
        if not self._round:
            with self._lock:
                self._round = list(self._live)
            self._share = max(ASKED_AT_ONCE, ceil(len(self._round) / TURNS_OF_A_ROUND))
        asked, self._round = self._round[: self._share], self._round[self._share :]
        for responder in asked:
            self._cancel_if_abandoned(responder)

    def _cancel_if(self, condition):
        with self._lock:
            for responder, generation in self._live.items():
                if generation and condition(responder):
                    generation.cancel()

    def _cancel_if_abandoned(self, responder):
        with self._lock:
            generation = self._live.get(responder)
            if generation and responder.is_abandoned():
                generation.cancel()
