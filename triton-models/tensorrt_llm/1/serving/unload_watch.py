"""Notices that the model is being unloaded, or was loaded anew, while a subscription keeps it."""

import http.client


class UnloadWatch:
    """`watch()` is to be called periodically; it calls `on_unload` once.

    Triton tells a model nothing of it before its last request is answered, and a subscription is one that nobody
    answers. But from the beginning of an unload its HTTP port says that the model is not ready, and of a model that was
    loaded anew the `Succession` knows. Only asked while `is_kept()`: then it was ready once.
    """

    TIMEOUT_S = 1

    def __init__(self, host, port, model, succession, is_kept, on_unload):
        self._address = host, port
        self._path = f"/v2/models/{model}/ready"
        self._succession = succession
        self._is_kept = is_kept
        self._on_unload = on_unload
        self._is_told = False

    def watch(self):
        if self._is_told or not self._is_kept():
            return
        if self._succession.is_over() or self._ask() is False:
            self._is_told = True
            self._on_unload()

    def _ask(self):
        """None if there is no answer: that is the business of the `ShutdownWatch`."""
        connection = http.client.HTTPConnection(*self._address, timeout=self.TIMEOUT_S)
        try:
            connection.request("GET", self._path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
