"""Notices that tritonserver is shutting down while requests are open."""

import os
import signal
import socket
import time

CONNECT_SECONDS = 1
SECONDS_TO_LEAVE = 5
REFUSALS_AFTER_A_REQUEST = 5


class ShutdownWatch:
    """`watch()` is to be called periodically; it calls `on_shutdown` once, and ends a server that does not end then.

    Triton tells its models nothing until their last request is answered, waits for that as long as its exit timeout,
    and then leaves by a way on which version 2.51 corrupts its heap and hangs. But its HTTP port is closed at once. The
    requests that are open then are better ended by us, with an error to their clients. A client that keeps its answered
    stream open holds the server back all the same; hence the limit.

    While the model is loaded the port is not open yet. It must have been when it was seen open, or when a request came;
    as the port may be some milliseconds later than that, only several refusals then mean the end.
    """

    def __init__(self, host, port, on_shutdown, clock=time.monotonic, end_server=None):
        self._address = (host, port)
        self._on_shutdown = on_shutdown
        self._clock = clock
        self._end_server = end_server or (lambda: os.kill(os.getppid(), signal.SIGKILL))
        self._was_open = False
        self._had_request = False
        self._refusals = 0
        self._closed_at = None

    def request_came(self):
        self._had_request = True

    def watch(self):
        if self._closed_at is None:
            self._look()
        elif self._clock() - self._closed_at > SECONDS_TO_LEAVE:
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
            self._closed_at = self._clock()
            self._on_shutdown()


class NoWatch:
    """For a server whose HTTP address is not known."""

    def request_came(self):
        pass

    def watch(self):
        pass
