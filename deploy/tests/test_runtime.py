"""What the front end's image runs from, made as the image makes it and run: no JDK, its cache in use, its probes true."""

import json
import os
import re
import signal
import subprocess
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "server" / "target"
CONFIGURATION = "server: { port: 0 }\nmanagement: { port: %d }\nmodels: [{ name: tiny, folder: model, chat-format: smollm2 }]\n"
EX_CONFIG = 78


def environment(**more):
    """No Java in it, and no variable of the house."""
    kept = {name: value for name, value in os.environ.items() if name != "JAVA_HOME" and not name.startswith("CONCH_")}
    return {**kept, "PATH": "/usr/bin:/bin", **more}


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    tokenizer = ROOT / "server" / "src" / "test" / "resources" / "tokenizer" / "tokenizer.json"
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    (folder / "tokenizer_config.json").write_bytes((ROOT / "deploy" / "training" / "tokenizer_config.json").read_bytes())
    return folder


@contextmanager
def server(runtime, configuration, log, **variables):
    """Starts it, yields the address that it listens at, ends it by the signal that containers send."""
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [runtime / "bin" / "conch"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(CONCH_CONFIG=str(configuration), XDG_CACHE_HOME=str(log.parent), **variables),
        )
    try:
        yield listening(process, log)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0, log.read_text()


def listening(process, log):
    while process.poll() is None:
        said = re.search(r"listening on (http://\S+)", log.read_text())
        if said:
            return said[1]
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(log.read_text())


def test_serves_without_a_jdk_and_with_its_cache(runtime, model, tmp_path):
    port = free_port()
    configuration = tmp_path / "conch.yaml"
    configuration.write_text(CONFIGURATION % port)
    refuses_without_cache = "-XX:AOTMode=on"
    with server(runtime, configuration, tmp_path / "log", JAVA_OPTS=refuses_without_cache) as address:
        with urllib.request.urlopen(address + "/v1/models", timeout=30) as answer:
            assert [model["id"] for model in json.load(answer)["data"]] == ["tiny"]
        alive = probe(runtime, "/health", port)
        ready = probe(runtime, "/ready", port)
    gone = probe(runtime, "/health", port)
    assert (alive.returncode, alive.stderr) == (0, "")
    assert (ready.returncode, ready.stderr) == (1, "/ready: HTTP/1.1 503 Service Unavailable\n"), "there is no Triton"
    assert gone.returncode != 0


def probe(runtime, path, port):
    variables = environment(CONCH_MANAGEMENT_PORT=str(port))
    return subprocess.run([runtime / "bin" / "probe", path], capture_output=True, text=True, env=variables)


def test_has_the_modules_that_it_needs_and_no_tools(runtime):
    modules = subprocess.run([runtime / "runtime" / "bin" / "java", "--list-modules"], capture_output=True, text=True, check=True)
    names = {line.split("@")[0] for line in modules.stdout.split()}
    assert {"java.base", "jdk.unsupported", "jdk.zipfs"} <= names
    assert names.isdisjoint({"jdk.compiler", "jdk.jlink", "jdk.jshell", "jdk.httpserver", "jdk.attach", "java.rmi"})


def test_the_tokenizer_gets_its_vectors(runtime, tmp_path):
    command = [runtime / "bin" / "conch"]
    variables = environment(CONCH_CONFIG=str(tmp_path / "none.yaml"), JAVA_OPTS="--show-module-resolution")
    start = subprocess.run(command, env=variables, capture_output=True, text=True)
    assert start.returncode == EX_CONFIG, start.stderr
    assert "root jdk.incubator.vector " in start.stdout


def test_holds_the_program_with_all_of_its_libraries(runtime):
    assert (runtime / "conch-server.jar").read_bytes() == (BUILT / "conch-server.jar").read_bytes()
    assert {jar.name for jar in (runtime / "lib").iterdir()} == {jar.name for jar in (BUILT / "lib").iterdir()}


def test_the_build_notices_a_cache_that_does_not_fit(runtime, tmp_path):
    """The last RUN of server.Dockerfile: without a configuration the server itself ends with 78, the JVM before it with 1."""
    command = [runtime / "bin" / "conch"]
    variables = environment(CONCH_CONFIG=str(tmp_path / "none.yaml"))
    fitting = subprocess.run(command, env={**variables, "JAVA_OPTS": "-XX:AOTMode=on"}, capture_output=True)
    other = subprocess.run(command, env={**variables, "JAVA_OPTS": "-XX:AOTMode=on -XX:-UseCompactObjectHeaders"}, capture_output=True)
    assert fitting.returncode == EX_CONFIG, fitting.stderr.decode()
    assert other.returncode == 1, other.stderr.decode()
