"""How a model learns that it is unloaded or succeeded while subscriptions keep it."""

import http.server
import threading
from pathlib import Path

import pytest

from serving.succession import Succession
from serving.unload_watch import UnloadWatch


def full(*_):
    raise OSError("No space left on device")


@pytest.fixture
def alone(tmp_path):
    """Nobody succeeds it."""
    return Succession(7, "m_0_0", tmp_path)


class Readiness(http.server.BaseHTTPRequestHandler):
    """Answers as Triton does when it is asked whether a model is ready."""

    def do_GET(self):
        assert self.path == "/v2/models/m/ready"
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


class TestUnloadWatch:
    def test_it_tells_once_and_only_while_the_model_is_kept(self, alone):
        with http.server.HTTPServer(("127.0.0.1", 0), Readiness) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            kept, told = [], []
            watch = UnloadWatch(*server.server_address, "m", alone, lambda: bool(kept), lambda: told.append("unload"))
            for server.status, keep, expected in ((400, [], 0), (200, [1], 0), (400, [1], 1), (400, [1], 1)):
                kept[:] = keep
                watch.watch()
                assert len(told) == expected
            server.shutdown()

    def test_a_successor_is_an_unload(self, tmp_path):
        told = []
        first, second = (Succession(7, "m_0_0", tmp_path) for _ in range(2))
        watch = UnloadWatch("127.0.0.1", 1, "m", first, lambda: True, lambda: told.append("unload"))
        first.request_came()
        watch.watch()
        assert told == []
        second.request_came()
        watch.watch()
        watch.watch()
        assert told == ["unload"]

    def test_a_server_that_is_gone_tells_nothing(self, alone):
        with http.server.HTTPServer(("127.0.0.1", 0), Readiness) as server:
            address = server.server_address
        UnloadWatch(*address, "m", alone, lambda: True, lambda: pytest.fail("told")).watch()


class TestSuccession:
    def test_nobody_has_succeeded_who_was_not_asked_yet(self, tmp_path):
        first, second = (Succession(7, "m_0_0", tmp_path) for _ in range(2))
        first.request_came()
        assert not first.is_over()
        assert not second.is_over()

    def test_instances_and_servers_do_not_succeed_each_other(self, tmp_path):
        first, *others = (Succession(*names, tmp_path) for names in ((7, "m_0_0"), (7, "m_0_1"), (8, "m_0_0")))
        for each in (first, *others):
            each.request_came()
        assert not first.is_over()

    def test_the_first_request_alone_counts(self, tmp_path):
        first, second = (Succession(7, "m_0_0", tmp_path) for _ in range(2))
        for each in (first, second, first):
            each.request_came()
        assert first.is_over()
        assert not second.is_over()

    def test_the_last_one_leaves_nothing_behind(self, tmp_path):
        first, second = (Succession(7, "m_0_0", tmp_path) for _ in range(2))
        first.request_came()
        second.request_came()
        first.close()
        assert not second.is_over()
        second.close()
        assert list(tmp_path.iterdir()) == []

    def test_who_cannot_write_is_not_succeeded_by_the_one_before(self, tmp_path, monkeypatch):
        first, second = (Succession(7, "m_0_0", tmp_path) for _ in range(2))
        first.request_came()
        monkeypatch.setattr(Path, "replace", full)
        second.request_came()
        second.close()
        assert not first.is_over()
        assert not second.is_over()
        assert len(list(tmp_path.iterdir())) == 1

    def test_without_a_folder_nobody_is_succeeded(self, tmp_path):
        nowhere = Succession(7, "m_0_0", tmp_path / "none")
        nowhere.request_came()
        assert not nowhere.is_over()
        nowhere.close()
