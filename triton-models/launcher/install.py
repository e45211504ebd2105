"""Installs the Python environment, lays the Triton backend folder and writes the tokenizer; each step only when needed.

Two set-ups at once wait for each other; one that was interrupted starts its step afresh, since a step leaves its mark
only when it is complete.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from contextlib import contextmanager
from pathlib import Path

from layout import (
    BACKENDS,
    GGUF,
    INSTALLED,
    PYTHON_LINK,
    REQUIREMENTS,
    TEST_REQUIREMENTS,
    TOKENIZER,
    TritonWheel,
    python_minor,
    site_packages,
)

OLDEST_PIP_FOR_OTHER_PYTHON = (22, 3)
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "generation_config.json")
EXPORT_SCRIPT = Path(__file__).with_name("export_tokenizer.py")
SAMPLES = Path(__file__).with_name("tokenizer_samples.py")


def main():
    options = _options()
    with _only_one_setup():
        environment = _install_environment()
        if options.with_test_tools:
            _install_packages(environment, TEST_REQUIREMENTS, "test tools")
        _lay_backend(environment)
        _write_tokenizer(environment)


def _options():
    parser = argparse.ArgumentParser(prog="triton-models/bin/setup", description=__doc__)
    parser.add_argument("--with-test-tools", action="store_true", help="also install requirements-dev.txt")
    return parser.parse_args()


@contextmanager
def _only_one_setup():
    INSTALLED.mkdir(exist_ok=True)
    with open(INSTALLED / "setup.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install_environment():
    """One environment for each content of requirements.txt and each Python: a change of either installs anew."""
    environment = INSTALLED / ("python-" + _digest(REQUIREMENTS.read_text(), sys.version, sys.base_prefix))
    if not (environment / "bin" / "python").exists() or not _mark(environment, REQUIREMENTS).exists():
        _say("making a Python %s environment" % python_minor())
        _remove_environments()
        venv.create(environment, with_pip=False, symlinks=True)
    _install_packages(environment, REQUIREMENTS, "Triton, llama.cpp and the model (about 200 MB)")
    _link(PYTHON_LINK, environment)
    return environment


def _remove_environments():
    for old in INSTALLED.glob("python-*"):
        shutil.rmtree(old)


def _install_packages(environment, requirements, what):
    mark = _mark(environment, requirements)
    if mark.exists():
        return
    _say("installing " + what)
    pip = [*_pip(environment), "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile"]
    if subprocess.run([*pip, "--requirement", str(requirements)]).returncode:
        sys.exit("triton-models: pip could not install %s; see its message above" % requirements.name)
    mark.touch()


def _mark(environment, requirements):
    return environment / ("installed-" + _digest(requirements.read_text()))


def _pip(environment):
    """The host's pip where it can install into another Python, else (2 to 5 s slower) one in the environment itself."""
    python = str(environment / "bin" / "python")
    if _host_pip_version() >= OLDEST_PIP_FOR_OTHER_PYTHON:
        return [sys.executable, "-m", "pip", "--python", python]
    if subprocess.run([python, "-m", "ensurepip"], stdout=subprocess.DEVNULL).returncode:
        sys.exit("triton-models: ensurepip failed; install it (Debian, Ubuntu: apt install python3-venv)")
    return [python, "-m", "pip"]


def _host_pip_version():
    try:
        import pip
    except ImportError:
        return (0, 0)
    return tuple(int(part) for part in pip.__version__.split(".")[:2])


def _lay_backend(environment):
    """Triton wants library, Python module and stub of a backend in one folder; the wheel keeps them in three."""
    folder = BACKENDS / "python"
    folder.mkdir(parents=True, exist_ok=True)
    for part in TritonWheel(environment).python_backend:
        _link(folder / part.name, part)


def _write_tokenizer(environment):
    mark = TOKENIZER / ".written-by"
    digest = _digest(EXPORT_SCRIPT.read_text(), SAMPLES.read_text(), REQUIREMENTS.read_text())
    if mark.exists() and mark.read_text() == digest and all((TOKENIZER / name).exists() for name in TOKENIZER_FILES):
        return
    _say("writing the tokenizer into models/%s" % TOKENIZER.name)
    gguf = site_packages(environment) / GGUF
    command = [str(environment / "bin" / "python"), "-B", str(EXPORT_SCRIPT), str(gguf), str(TOKENIZER)]
    if subprocess.run(command).returncode:
        sys.exit("triton-models: the tokenizer could not be written; see the message above")
    mark.write_text(digest)


def _link(link, target):
    if link.is_symlink() and os.readlink(link) == str(target):
        return
    fresh = link.with_name(link.name + ".fresh")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)


def _digest(*texts):
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]


def _say(step):
    print("triton-models: " + step, flush=True)


if __name__ == "__main__":
    main()
