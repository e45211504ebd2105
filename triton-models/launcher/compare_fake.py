"""Compares the fake `tensorrt_llm` of the tests with the installed package, as far as the engine relies on it.

Folders that are given are searched for the package first. Exit status: 0 no difference, 1 differences, one a line,
2 nothing was compared.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from describe_trtllm import NOT_THERE

from layout import ROOM

DESCRIBE = Path(__file__).with_name("describe_trtllm.py")
FAKE = ROOM / "tests" / "fake_packages"


def main():
    real = _described(*sys.argv[1:])
    if real is None:
        print("tensorrt_llm is not installed here: nothing was compared", file=sys.stderr)
        sys.exit(2)
    fake = _described(FAKE)
    differences = list(_differences(fake["found"], real))
    print("\n".join(differences) or f"tensorrt_llm {real['version']}: {len(fake['found'])} names as the fake has it")
    sys.exit(1 if differences else 0)


def _described(*folders):
    """None where there is no package. Its own messages are left on stderr."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    command = [sys.executable, "-B", str(DESCRIBE)]
    outcome = subprocess.run(command, env=environment, cwd="/", stdout=subprocess.PIPE, text=True)
    if outcome.returncode == NOT_THERE:
        return None
    if outcome.returncode:
        sys.exit("compare-fake: the package could not be described; see its message above")
    return json.loads(outcome.stdout.splitlines()[-1])


def _differences(fake, real):
    for name, default in fake.items():
        there = real["found"].get(name, "not there")
        if there != default:
            yield f"{name}: {default} (tensorrt_llm {real['version']}: {there})"


if __name__ == "__main__":
    main()
