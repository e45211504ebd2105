"""Becomes the real tritonserver with the tensorrt_llm model: a signal to this process ends everything.

Serves when `GET /v2/health/ready` on the HTTP port answers 200, a few seconds after the start.
"""

import argparse
import os
import socket
import sys
from pathlib import Path

from layout import BACKENDS, MODEL_SOURCE, PYTHON_LINK, RUNS, TritonWheel
from prerequisites import libpython_folder
from repository import NoModel, UnknownParameter, lay_repository, models_of

SHARED_MEMORY = "conch-triton-"
# Triton's Python backend hands responses on in turn to so many threads (32 by default), each of them asleep and out of
# the caches when its turn comes. Our model sends one response after the other: the second thread tidies up behind one.
THREADS_FOR_RESPONSES = 2
SECONDS_TO_UNLOAD = 15  # open requests do not use them up: see 1/serving/shutdown_watch.py, whose limit is later


def main():
    options = _options()
    for port in (options.grpc_port, options.http_port, options.metrics_port):
        _require_free(options.host, port)
    triton = TritonWheel(PYTHON_LINK.resolve())
    if not triton.executable.exists() or not (BACKENDS / "python").exists():
        sys.exit("triton-models: the set-up is incomplete; run triton-models/bin/setup")
    repository = RUNS / str(options.grpc_port)
    try:
        models = models_of(options.repository) or [MODEL_SOURCE]
        lay_repository(repository, dict(options.set), models)
    except (NoModel, UnknownParameter) as fault:
        sys.exit(f"triton-models: {fault}")
    _remove_stale_memory()
    os.execve(triton.executable, _command(triton, repository, models, options), _environment(triton, options))


def _options():
    parser = argparse.ArgumentParser(
        prog="triton-models/bin/serve", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--grpc-port", type=_port, default=8001, help="default: %(default)s")
    parser.add_argument("--http-port", type=_port, default=8000, help="default: %(default)s")
    parser.add_argument("--metrics-port", type=_port, default=8002, help="default: %(default)s")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_assignment,
        metavar="KEY=VALUE",
        help="another value for a parameter of tensorrt_llm/config.pbtxt, for example deterministic=true; repeatable",
    )
    parser.add_argument(
        "--repository",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="serve the models of this repository, as `make model` writes it, and not tensorrt_llm; repeatable",
    )
    parser.add_argument("--verbose", action="store_true", help="all of the log, not warnings and errors only")
    return parser.parse_args()


def _port(text):
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} (expected: 1 to 65535)")
    return int(text)


def _assignment(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text} (expected: KEY=VALUE)")
    return name, value


def _require_free(host, port):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            sys.exit(f"triton-models: port {port} of {host} cannot be used ({fault.strerror}); free it or take another")


def _remove_stale_memory():
    """A server that was killed leaves the memory that it shared with its stub; the names hold its process id."""
    for region in Path("/dev/shm").glob(SHARED_MEMORY + "*"):
        if not Path("/proc", region.name.removeprefix(SHARED_MEMORY).split("-")[0]).exists():
            region.unlink(missing_ok=True)


def _command(triton, repository, models, options):
    return [
        str(triton.executable),
        f"--model-repository={repository}",
        f"--backend-directory={BACKENDS}",
        f"--backend-config=python,shm-region-prefix-name={SHARED_MEMORY}{os.getpid()}-",
        f"--backend-config=python,thread-pool-size={THREADS_FOR_RESPONSES}",
        "--model-control-mode=explicit",
        *(f"--load-model={model.name}" for model in models),
        "--disable-auto-complete-config",
        f"--exit-timeout-secs={SECONDS_TO_UNLOAD}",
        f"--grpc-address={options.host}",
        f"--grpc-port={options.grpc_port}",
        f"--http-address={options.host}",
        f"--http-port={options.http_port}",
        f"--metrics-address={options.host}",
        f"--metrics-port={options.metrics_port}",
        "--allow-gpu-metrics=false",
        f"--log-info={str(options.verbose).lower()}",
    ]


def _environment(triton, options):
    """The Python stub finds its libpython by the library path and its packages by the first python3 on the PATH."""
    inherited = os.environ
    libraries = [str(triton.libraries), libpython_folder(), inherited.get("LD_LIBRARY_PATH", "")]
    return {
        **inherited,
        "PATH": f"{PYTHON_LINK.resolve() / 'bin'}:{inherited.get('PATH', '')}",
        "LD_LIBRARY_PATH": ":".join(filter(None, libraries)),
        "PYTHONNOUSERSITE": "1",
        "CONCH_TRITON_HTTP": f"{options.host}:{options.http_port}",
    }


if __name__ == "__main__":
    main()
