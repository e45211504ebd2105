"""A thread that does one thing again and again."""

import sys
import threading
import traceback

DONE = object()


class Periodic:
    """Calls `action` every `period_ms` until it is closed; a call that raises is reported and does not end it.

    After a call that gives `DONE` there is no other; the thread stays, for what the kernel has bound to it.
    """

    def __init__(self, name, period_ms, action):
        self._period_s = period_ms / 1000
        self._action = action
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def close(self):
        self._closed.set()
        self._thread.join()

    def _run(self):
        while not self._closed.wait(self._period_s):
            try:
                if self._action() is DONE:
                    self._closed.wait()
            except Exception:
                traceback.print_exc(file=sys.stderr)
