"""Ends this process together with the tritonserver that started it, however that one ends."""

import ctypes
import os
import signal
from pathlib import Path

from .periodic import DONE

PR_SET_PDEATHSIG = 1


class ParentDeath:
    """`watch()` is to be called periodically, always from one thread that lives as long as the process, until `DONE`.

    A server that dies can leave this process in a call that is never answered and that holds the interpreter lock: no
    Python code can notice then, so the kernel has to. Its parent-death signal follows the *thread* that started us, and
    Triton's loader thread ends long before the server does; then we become a child of the main thread, and only from
    that moment on may the signal be asked for. Then it is bound to the thread that asked, and nobody has to look.
    """

    def __init__(self, server):
        self._server = server

    def watch(self):
        if not self._server.is_alive():
            os._exit(1)
        if not self._belongs_to_main_thread():
            return None
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if not self._server.is_alive():  # it ended just before
            os._exit(1)
        return DONE

    def _belongs_to_main_thread(self):
        children = Path(f"/proc/{self._server.id}/task/{self._server.id}/children")
        return children.exists() and str(os.getpid()) in children.read_text().split()
