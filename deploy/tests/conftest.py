"""What several tests need and takes a while to make: once for all of them."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def runtime(tmp_path_factory):
    """The folder that the front end's image runs from."""
    folder = tmp_path_factory.mktemp("opt") / "conch"
    made = subprocess.run([ROOT / "deploy" / "bin" / "make-runtime", folder], capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@pytest.fixture(scope="session")
def helm():
    """Calls helm with arguments; the answer has `returncode`, `stdout` and `stderr`."""
    path = subprocess.run([ROOT / "deploy" / "bin" / "helm-tool"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def call(*arguments, values=None):
        given = ["--values", "-"] if values is not None else []
        return subprocess.run([path, *map(str, arguments), *given], input=values, capture_output=True, text=True)

    return call
