"""Notices that tritonserver is shutting down while requests are open."""

import socket
import time

CONNECT_SECONDS = 1
SECONDS_TO_LEAVE = 5
SECONDS_TO_UNLOAD = 20  # more than the exit timeout that bin/serve gives Triton
REFUSALS_AFTER_A_REQUEST = 5


class ShutdownWatch:
    """`watch()` is to be called periodically; it calls `on_shutdown` once, and ends a server that does not end then.

    Triton tells its models nothing until their last request is answered, waits for that as long as its exit timeout,
    and then leaves by a way on which version 2.51 corrupts its heap and hangs. But its HTTP port is closed at once. The
    requests that are open then are better ended by us, with an error to their clients. A client that keeps its answered
    stream open holds the server back all the same; hence the limit. Once the model is being unloaded nobody holds it
    back, and on a busy machine that takes a while: then Triton's own timeout counts, and the limit is a later one.

    While the model is loaded the port is not open yet. It must have been when it was seen open, or when a request came;
    as the port may be some milliseconds later than that, only several refusals then mean the end.
    """

    def __init__(self, host, port, on_shutdown, end_server, clock=time.monotonic):
        self._address = (host, port)
        self._on_shutdown = on_shutdown
        self._clock = clock
        self._end_server = end_server
        self._was_open = False
        self._had_request = False
        self._refusals = 0
        self._limit = SECONDS_TO_LEAVE
        self._closed_at = None

    def request_came(self):
        self._had_request = True

    def unload_began(self):
        self._limit = SECONDS_TO_UNLOAD

    def watch(self):
        if self._closed_at is None:
            self._look()
        elif self._clock() - self._closed_at > self._limit:
            self._end_server()

    def _look(self):
        try:
            socket.create_connection(self._address, CONNECT_SECONDS).close()
            self._was_open = True
        except ConnectionRefusedError:
            self._refused()
        except OSError:
            pass  # busy, but there

    def _refused(self):
        self._refusals += self._had_request
        if self._was_open or self._refusals >= REFUSALS_AFTER_A_REQUEST:
            self._on_shutdown()
            self._closed_at = self._clock()


class NoWatch:
    """For a server whose HTTP address is not known."""

    def request_came(self):
        pass

    def unload_began(self):
        pass

    def watch(self):
        pass
