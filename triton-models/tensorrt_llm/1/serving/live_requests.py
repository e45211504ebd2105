"""The requests under way by id, so that a client can end them: by the `stop` tensor, or by cancelling its stream."""

import threading


class LiveRequests:
    """Thread-safe. Several requests may be under way with one id; `stop` then ends them all, as TensorRT-LLM says."""

    def __init__(self):
        self._lock = threading.Lock()
        self._live = {}

    def add(self, responder, generation):
        """`responder.request_id` names it; `responder.is_abandoned()` tells whether its client has gone."""
        with self._lock:
            self._live[responder] = generation

    def discard(self, responder):
        with self._lock:
            self._live.pop(responder, None)

    def stop(self, request_id):
        """Ends every request with this id; an unknown id is no error."""
        for responder, generation in self._snapshot():
            if responder.request_id == request_id:
                generation.cancel()

    def cancel_abandoned(self):
        """Ends every request whose client has cancelled its stream."""
        for responder, generation in self._snapshot():
            if responder.is_abandoned():
                generation.cancel()

    def _snapshot(self):
        with self._lock:
            return list(self._live.items())
