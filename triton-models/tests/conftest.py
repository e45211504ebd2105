"""The servers that tests share, each started when the first test asks for it."""

import pytest

from bench import Bench
from executor.engines import create_engine
from triton_server import TritonServer
from trtllm_models import lay_model, settings


@pytest.fixture(scope="session")
def start_server(tmp_path_factory):
    """Starts a server with other parameters; all are stopped at the end."""
    servers = []

    def start(**settings):
        log = tmp_path_factory.mktemp("triton") / "log"
        servers.append(TritonServer(log, **settings))
        return servers[-1].start()

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def batching(start_server):
    return start_server()


@pytest.fixture(scope="session")
def deterministic(start_server):
    return start_server(deterministic="true", max_batch_size=4, max_seq_len=256)


@pytest.fixture(scope="session")
def one_at_a_time(start_server):
    """One sequence, a queue of one."""
    return start_server(max_batch_size=1, max_queue_size=1, max_seq_len=1024, exclude_input_in_output="false")


@pytest.fixture
def client(batching):
    with batching.connect() as connection:
        yield connection


@pytest.fixture
def exact_client(deterministic):
    with deterministic.connect() as connection:
        yield connection


@pytest.fixture
def start(tmp_path):
    """Starts engines, which are closed at the end, by the keys of model.yaml; `_settings` are those of config.pbtxt."""
    engines = []

    def start(_settings=None, **keys):
        engines.append(create_engine(settings(lay_model(tmp_path / str(len(engines)), **keys), **(_settings or {}))))
        return engines[-1]

    yield start
    for engine in engines:
        engine.close()


@pytest.fixture
def bench():
    benches = []

    def make(**rest):
        benches.append(Bench(**rest))
        return benches[-1]

    yield make
    for each in benches:
        each.evaluator.release()
        each.engine.close()
