"""Notices that another process has taken this one's place: Triton loaded the model anew and told neither."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


class Succession:
    """Which process is this instance of the model: the one that Triton first gave a request last.

    It is written down in a file, which is named by the server's process and the instance. Whoever cannot write it is
    never succeeded.
    """

    def __init__(self, server_id, instance, folder=None):
        self._name = f"conch-{server_id}-{instance}"
        self._folder = folder
        self._id = f"{os.getpid()}-{id(self)}"
        self._is_begun = False
        self._file = None

    def request_came(self):
        if self._is_begun:
            return
        self._is_begun = True
        with suppress(OSError):
            self._write()

    def is_over(self):
        """Whether another took over since a request came here."""
        with suppress(OSError):
            return self._file is not None and self._file.read_text() != self._id
        return False

    def close(self):
        """Leaves nothing behind but what another wrote."""
        if self._file and not self.is_over():
            with suppress(OSError):
                self._file.unlink()

    def _write(self):
        """Whole or not at all."""
        folder = Path(self._folder or tempfile.gettempdir())
        handle, name = tempfile.mkstemp(dir=folder)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(self._id)
            self._file = Path(name).replace(folder / self._name)
        except OSError:
            os.unlink(name)
            raise
