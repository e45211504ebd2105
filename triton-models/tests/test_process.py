"""Start and end of the server process: what it says when it cannot start, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess

import pytest
from prompts import FRANCE

from layout import MODEL_SOURCE
from repository import UnknownParameter, with_parameters
from triton_server import ROOM, await_that, free_ports

SMALL = {"max_batch_size": 2, "max_seq_len": 1024}
CONFIG = (MODEL_SOURCE / "config.pbtxt").read_text()


def serve(*arguments):
    return subprocess.run([ROOM / "bin" / "serve", *arguments], capture_output=True, text=True, timeout=60, check=False)


def is_gone(process_id):
    return not os.path.exists(f"/proc/{process_id}")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_to_the_server_ends_its_stub_even_amid_a_generation(start_server, end):
    server = start_server(**SMALL)
    stub = server.stub()
    with server.connect() as client:
        client.generate(FRANCE, 900, streaming=True)
        client.next()
        server.process.send_signal(end)
        server.process.wait(30)
    await_that(lambda: is_gone(stub))
    assert "Signal (6)" not in server.log.read_text()


def test_clients_are_told_that_the_server_ends(start_server):
    server = start_server(**SMALL)
    with server.connect() as client:
        client.generate(FRANCE, 900, streaming=True)
        client.next()
        server.process.terminate()
        assert "The model is being unloaded" in client.rest()[-1].error
    server.process.wait(30)


def test_an_idle_server_ends_without_waiting_for_its_timeout(start_server):
    server = start_server(**SMALL)
    stub = server.stub()
    assert server.stop() == 0
    await_that(lambda: is_gone(stub))
    assert "timeout" not in server.log.read_text().lower()


def test_a_busy_port_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = serve("--grpc-port", str(port))
    assert answer.returncode == 1
    assert f"port {port} of 127.0.0.1 cannot be used (Address already in use)" in answer.stderr


@pytest.mark.parametrize("port", ["70000", "0", "-1", "http"])
def test_a_port_that_does_not_exist_is_named(port):
    answer = serve(f"--grpc-port={port}")
    assert answer.returncode == 2
    assert f"argument --grpc-port: {port} (expected: 1 to 65535)" in answer.stderr


def test_an_unknown_parameter_is_named():
    ports = [argument for name in ("grpc", "http", "metrics") for argument in (f"--{name}-port", str(free_ports(1)[0]))]
    answer = serve(*ports, "--set", "colour=red")
    assert answer.returncode == 1
    assert "--set colour: unknown parameter" in answer.stderr


def test_help_explains_the_options():
    answer = serve("--help")
    assert answer.returncode == 0
    assert "--set KEY=VALUE" in answer.stdout


def test_set_changes_one_parameter_and_nothing_else():
    changed = with_parameters(CONFIG, {"deterministic": "true"})
    assert [line for line in changed.splitlines() if line not in CONFIG.splitlines()] == [
        'parameters { key: "deterministic" value { string_value: "true" } }'
    ]


def test_a_value_cannot_break_out_of_the_file():
    with pytest.raises(UnknownParameter, match="quotes"):
        with_parameters(CONFIG, {"model_path": '" } }'})


def test_a_parameter_that_makes_no_sense_ends_the_start_with_its_name(start_server):
    with pytest.raises(AssertionError, match=r"max_seq_len: 9000 \(expected: at most the model's 8192\)"):
        start_server(max_seq_len=9000)


def test_set_up_has_nothing_to_do_the_second_time():
    answer = subprocess.run([ROOM / "bin" / "setup"], capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout == ""


def test_set_up_names_a_python_it_cannot_use():
    environment = {**os.environ, "CONCH_PYTHON": "/bin/false"}
    answer = subprocess.run([ROOM / "bin" / "setup"], env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert answer.stderr.startswith("triton-models: ")
