"""The tritonserver that started this process."""

import os
import signal


class ServerProcess:
    """To be made while the server lives: its id may belong to another process later, and our parent be another."""

    def __init__(self):
        self.id = os.getppid()

    def is_alive(self):
        return os.getppid() == self.id

    def kill(self):
        """Ends it at once, unless it is gone already."""
        if self.is_alive():
            os.kill(self.id, signal.SIGKILL)
