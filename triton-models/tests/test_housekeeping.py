"""What is watched while a model serves: the server that started it, its end, and the clock."""

import os
import signal
import socket
import threading

import pytest
from serve import SECONDS_TO_UNLOAD as EXIT_TIMEOUT

from serving.periodic import DONE, Periodic
from serving.server_process import ServerProcess
from serving.shutdown_watch import REFUSALS_AFTER_A_REQUEST, SECONDS_TO_LEAVE, SECONDS_TO_UNLOAD, ShutdownWatch
from triton_server import await_that


class Ending:
    """A watch over a port that the test closes, and what it did."""

    def __init__(self):
        self.calls = []
        self.now = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.watch = ShutdownWatch(*self._server.getsockname(), self._shut_down, self._kill, lambda: self.now)

    def close_port(self):
        self._server.close()

    def after(self, seconds):
        self.now = seconds
        self.watch.watch()
        return self.calls

    def _shut_down(self):
        self.calls.append("shutdown")

    def _kill(self):
        self.calls.append("kill")


@pytest.fixture
def ending():
    ending = Ending()
    yield ending
    ending.close_port()


class TestShutdownWatch:
    def test_a_port_that_closes_is_the_end_and_is_told_once(self, ending):
        assert ending.after(0) == []
        ending.close_port()
        assert ending.after(0) == ["shutdown"]
        assert ending.after(SECONDS_TO_LEAVE) == ["shutdown"]
        assert ending.after(SECONDS_TO_LEAVE + 1) == ["shutdown", "kill"]

    def test_a_server_that_unloads_has_until_after_its_own_timeout(self, ending):
        ending.after(0)
        ending.close_port()
        ending.after(0)
        ending.watch.unload_began()
        assert ending.after(EXIT_TIMEOUT) == ["shutdown"]
        assert ending.after(SECONDS_TO_UNLOAD + 1) == ["shutdown", "kill"]

    def test_an_unload_alone_is_not_the_end(self, ending):
        ending.watch.unload_began()
        assert ending.after(0) == []
        assert ending.after(SECONDS_TO_UNLOAD + 1) == []

    def test_a_port_that_was_never_open_is_not(self):
        calls = []
        watch = ShutdownWatch(*closed_port(), lambda: calls.append("shutdown"), lambda: None)
        for _ in range(REFUSALS_AFTER_A_REQUEST):
            watch.watch()
        assert calls == []

    def test_a_port_that_stays_closed_after_a_request_is(self):
        calls = []
        watch = ShutdownWatch(*closed_port(), lambda: calls.append("shutdown"), lambda: None)
        watch.watch()
        watch.request_came()
        for _ in range(REFUSALS_AFTER_A_REQUEST - 1):
            watch.watch()
        assert calls == []
        watch.watch()
        assert calls == ["shutdown"]


class TestServerProcess:
    def test_the_parent_is_killed(self, monkeypatch):
        killed = self.record_kills(monkeypatch)
        ServerProcess().kill()
        assert killed == [(os.getppid(), signal.SIGKILL)]

    def test_whoever_adopted_us_is_not(self, monkeypatch):
        killed = self.record_kills(monkeypatch)
        monkeypatch.setattr(os, "getppid", lambda: 4711)
        server = ServerProcess()
        monkeypatch.setattr(os, "getppid", lambda: 1)
        assert not server.is_alive()
        server.kill()
        assert killed == []

    def record_kills(self, monkeypatch):
        killed = []
        monkeypatch.setattr(os, "kill", lambda *arguments: killed.append(arguments))
        return killed


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()


def test_a_periodic_action_goes_on_after_a_failure_until_closed(capfd):
    calls = threading.Semaphore(0)

    def action():
        calls.release()
        raise RuntimeError("once more")

    periodic = Periodic("test-periodic", 1, action)
    assert calls.acquire(timeout=10)
    assert calls.acquire(timeout=10)
    periodic.close()
    assert "test-periodic" not in [thread.name for thread in threading.enumerate()]
    assert "once more" in capfd.readouterr().err


def test_a_periodic_action_that_is_done_is_not_called_again_and_its_thread_stays():
    calls = []
    periodic = Periodic("test-periodic", 1, lambda: calls.append(1) or DONE)
    await_that(lambda: calls)
    assert "test-periodic" in [thread.name for thread in threading.enumerate()]
    periodic.close()
    assert calls == [1]
